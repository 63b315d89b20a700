"""Whether words can be what a person is called: 李强, 欧阳娜, 小王."""

from __future__ import annotations

import re

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤"
    "滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛"
    "林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程邢裴陆荣翁荀羊甄曲家封芮储靳邴松井段富巫乌焦巴弓牧隗山谷车侯"
    "宓蓬全班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司韶黎蓟薄印白怀蒲从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶冉宰郦雍郤璩桑桂濮牛寿通边扈"
    "燕冀浦尚农温别庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄东欧殳沃利蔚越隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰巢关相查"
    "后荆红游竺权盖益桓公肖付代闫仝佟岳帅涂晋兰覃撒麦苑邸原刚仵"
)
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯"
_NAME = re.compile(rf"[小老][{_SURNAMES}]|(?:[{_SURNAMES}]|{_COMPOUND})[一-鿿]{{1,2}}")
_SPOKEN = re.compile(
    ".+[了吗呢吧么的啥不没谢].*|明[白确]|单位|全[部都体]|方便|时[间候]|应该.?|周[一二三四五六日末天内]|高兴|平[时常]|马上|何必|元旦|国庆|安排|何时|计[划量]|管理|项目|简单|解[决释]|查[询看]|通知"
    "|麻烦|辛苦|经费|材料|文[号件]|包括|关[闭于]|后[面来]|那.|都.|和.|常用|成功|终止|停止|强检|万一|于是|或许|向上|来人"
)
"""Everyday words that begin with a surname."""


def is_name(words: str) -> bool:
    """Whether words have the form of a name: a surname and one or two characters, or 小 and a surname."""
    return _NAME.fullmatch(words) is not None


def is_called(words: str) -> bool:
    """Whether words that were typed alone are a name and none of what people say every day: 谢谢, 明白, 都行."""
    return is_name(words) and _SPOKEN.fullmatch(words) is None
