"""A whole campaign of nine towns and twelve departments, from filing to the last line struck off."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from whole_campaign import *
from whole_campaign import Year, look_at, TOWNS, DEPARTMENTS, TASKS
from channels import keys
from storage import samples, scorecards


def test_x(tmp_path: Path) -> None:
    t=time.time()
    def lap(s):
        nonlocal t
        print("##", s, round(time.time()-t,2)); t=time.time()
    y = Year(tmp_path)
    P=lambda x: print("  >", x[:400].replace("\n"," / "))
    for name, a, b in (("目标备案","2026-01-05","2026-01-31"),("日常收集","2026-02-01","2026-12-31"),("自评","2026-12-01","2027-01-10"),("资料核查","2027-01-11","2027-01-20"),("实地核查","2027-01-15","2027-01-20")):
        P(y.wang.send(f"考核 {name} {a} {b}"))
    lap("made")
    P(y.chen.press_key(keys.pack("ask",2,TOWNS.id,"2.4"))); P(y.chen.press("任务数对"))
    y.do(y.confirm_all); lap("confirm")
    y.on(date(2026,6,9))
    y.say_all(); lap("say")
    y.do(y.answer_all); lap("answer")
    y.on(date(2026,12,8))
    for person, unit, rubric in ((y.chen, 2, TOWNS),(y.gao, 10, DEPARTMENTS)):
        P(person.send("提交自评")); P(person.press_key(keys.pack("submit-go", unit, rubric.id)))
        P(person.send_file("签字页.jpg", content=b"\xff\xd8\xff\xe0 signed")); P(person.press("是"))
    lap("submit")
    y.on(date(2027,1,12))
    P(y.wang.send("核查")); lap("review")
    B=y.books
    m=B.of("孟河镇",TOWNS)
    P(look_at(y.wang,m,"1.1")); P(y.wang.press("通过"))
    P(look_at(y.wang,m,"10.2")); P(y.wang.press("改分")); P(y.wang.press("3 条")); P(y.wang.press("重复计数"))
    P(look_at(y.wang,m,"2.3")); P(y.wang.press("退回")); P(y.wang.send("缺申报回执"))
    n=len(y.chen.rows())
    P(y.wang.send("核查 结束"))
    P(y.chen.rows()[-1]["text"]); print(y.chen.labels)
    P(y.chen.press("去补")) if "去补" in y.chen.labels else P(y.chen.press("去补 1"))
    P(y.chen.send_file("申报回执.pdf")); 
    P(look_at(y.wang,m,"2.3")); P(y.wang.press("通过"))
    lap("return")
    P(y.zhao.press_key(keys.pack("rv-row",TOWNS.id,"1.4",0))); P(y.zhao.press("其余全部通过")); P(y.zhao.press("确认"))
    lap("across")
    y.on(date(2027,1,16))
    P(y.wang.send("考核组 一组 王处：罗溪镇 1月18日"))
    r=B.of("罗溪镇",TOWNS)
    P(y.wang.press_key(keys.pack("vs-see",5,TOWNS.id,"2.2"))); P(y.wang.send_file("现场.jpg",content=b"\xff\xd8\xff\xe0 x",text="不符 文件没有印发")); P(y.wang.press("改分")); print(y.wang.labels); P(y.wang.press("没有"))
    lap("visit")
    P(y.zhao.press_key("rv-sample::0")); P(y.zhao.send("3条"))
    s=y.read(samples.newest_in,1)
    for c in s.chosen: P(y.zhao.press_key(keys.pack("rv-see",*c.clause))); P(y.zhao.press("通过"))
    P(y.zhao.press_key(keys.pack("rv-sampled",s.id))); lap("sample"); P(y.zhao.press("其余全部通过")); lap("sample passed")
    print(y.do(y.pass_rest)); lap("rest")
    B.bare.discard((("孟河镇", TOWNS.id), "2.3"))
    B.instead[(m.name,"10.2")]=Decimal(3); B.instead[(r.name,"2.2")]=False
    y.do(y.book_all, ("孟河镇",TOWNS.id,"6.3"))
    P(y.wang.send("/fact 孟河镇 抽检不合格 1起 依据 常市监〔2026〕12号")); P(y.wang.press("确认")); P(y.chen.rows()[-1]["text"])
    lap("booked")
    y.wang.press_key(keys.pack("reading", TOWNS.id, "T4")) ; P(y.wang.press("试 2")); P(y.wang.rows()[-1]["text"]); 
    y.wang.press_key(keys.pack("reading", TOWNS.id, "T6")) ; P(y.wang.press("试 2")); P(y.wang.press("提请")); P(y.wang.send("区里原来按全部算"))
    P(y.zhao.press("不同意")); P(y.zhao.send("年初没有这样定")); P(y.wang.rows()[-1]["text"])
    lap("motion")
    y.on(date(2027,1,21))
    P(y.wang.send("年终工作")); P(y.wang.press("初评反馈")); P(y.wang.press("发出")); P(y.chen.rows()[-1]["text"]); lap("feedback")
    P(y.chen.press("申诉")); P(y.chen.press("信息上报")); P(y.chen.send("四条都是原创，没有重复")); 
    P(y.wang.press("改")); P(y.zhao.press("改")); P(y.zhao.press("按申报的算")); P(y.zhao.send("查了原件，确是四条")); P(y.chen.rows()[-1]["text"])
    del B.instead[(m.name,"10.2")]
    y.on(date(2027,1,27)); P(y.zhao.send("年终工作")); P(y.zhao.press("综合审议")); lap("appeal")
    bad=[]
    from storage import unit_facts
    for s in y.books.sheets:
        known=y.office.run(unit_facts.read(y.office.database, s.unit_id, s.rubric))
        for w in ("claimed","proven","verified"):
            want=y.books.facts(s,w); got=getattr(known,w)
            for k in sorted(want.keys()|got.keys()):
                if want.get(k)!=got.get(k): bad.append((s.name,w,k,want.get(k),got.get(k)))
    for b in bad[:40]: print(b)
    lap("compared")
    P(y.wang.send("快照")); P(y.wang.press("审定")); P(y.wang.press("确认")); lap("frozen")
    for row in y.office.run(scorecards.summary(y.office.database,1)): print(row.unit,row.rubric_id[13:],row.claimed.total,row.proven.total,row.verified.total,row.reviewed,row.of, {k:v for k,v in list(row.verified.rows.items())[:2]})
    def files(p, act):
        n=len(p.rows()); P(act()); out={}
        for x in p.rows()[n:]:
            if x["file"]and not x["mine"]: out[x["file"]["name"]]=y.office.files.path_of(x["file"]["ref"]).read_bytes()
        print({k:len(v) for k,v in out.items()}); return out
    for w in ("得分表","自评报告","附件1 1月27日","领导一页","通报稿","佐证包 孟河镇","数据"):
        y.wang.send("导出 "+w) if w!="附件1 1月27日" else None
        print(w, y.wang.labels)
        if w in("得分表",): P(y.wang.press("全部单位")); print(y.wang.labels); f=files(y.wang, lambda: y.wang.press("按已核"))
        elif w in ("自评报告","数据"): f=files(y.wang, lambda: y.wang.press("全部单位"))
        elif w.startswith("佐证"): f=files(y.wang, lambda: y.wang.press("做佐证包"))
        else: f=files(y.wang, lambda w=w: y.wang.send("导出 "+w))
        import os; os.makedirs("/tmp/wc_look",exist_ok=True)
        for k,v in f.items(): open("/tmp/wc_look/"+k,"wb").write(v)
        lap(w)
    P(y.wang.send("考核 通报 2027-01-31 2027-02-05")); 
    y.on(date(2027,2,1))
    P(y.wang.send("结果运用")); P(y.wang.press("加上规定的")); print(y.wang.labels); P(y.wang.press(y.wang.labels[1])); P(y.wang.press("办完"))
    P(y.wang.send("整改")); P(y.wang.press("开始整改")); P(y.wang.press("确认")); P(y.chen.rows()[-1]["text"]); print(y.chen.labels); lap("rectify")
    y.office.close()
