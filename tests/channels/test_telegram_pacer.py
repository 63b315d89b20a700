"""The pacer: no window is ever overfull, answers go first, and one chat's wait is not another's."""

from __future__ import annotations

import asyncio
import itertools
import math
import random
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from telegram.error import NetworkError, RetryAfter
from telegram_server import too_many
from telegram_world import CHEN, UNLIMITED, TelegramWorld

from channels.telegram.pacer import Asked, Pacer
from channels.telegram.windows import Call, Limits, Rate, Schedule

Ask = tuple[float, int, bool]
"""When, which chat, whether it is a push."""


def play(asks: list[Ask], limits: Limits | None = None, takes: float = 0.05) -> list[tuple[float, Call]]:
    """Run a schedule on a clock of our own: each call takes a while; gives who left when."""
    schedule, now = Schedule(limits or Limits()), 0.0
    coming, flying, left = sorted(asks), [], []
    while True:
        while coming and coming[0][0] <= now:
            _, chat, push = coming.pop(0)
            schedule.ask(chat, push)
        for end, call in [pair for pair in flying if pair[0] <= now]:
            schedule.end(call, end)
            flying.remove((end, call))
        released, soonest = schedule.release(now)
        left += [(now, call) for call in released]
        flying += [(now + takes, call) for call in released]
        if len(left) == len(asks):
            return left
        later = [now + soonest, *(end for end, _ in flying), *(when for when, _, _ in coming)]
        now = max(min(later), now + 1e-6)
        assert now < 10_000  # else somebody waits for ever


def most_within(times: list[float], seconds: float) -> int:
    """The fullest window: how many in any half-open span of so many seconds."""
    return max(sum(start <= other < start + seconds for other in times) for start in times)


def test_no_window_is_overfull_whatever_is_asked() -> None:
    for seed in range(5):
        dice = random.Random(seed)
        chats = [*range(1, 80), -1, -2]
        asks = [(dice.uniform(0, 20), dice.choice(chats), dice.random() < 0.5) for _ in range(400)]

        left = play(asks, takes=0.02)

        assert most_within([when for when, _ in left], 1.0) <= 30
        for chat in chats:
            times = [when for when, call in left if call.chat == chat]
            most, seconds = (1, 1.0) if chat > 0 else (20, 60.0)
            assert not times or most_within(times, seconds) <= most


def test_thirty_a_second_are_reached_where_chats_differ() -> None:
    left = play([(0.0, chat, False) for chat in range(1, 301)], takes=0.01)

    assert left[-1][0] == pytest.approx(9 * 1.01, abs=0.01)


def test_answers_overtake_pushes_also_to_the_same_chat() -> None:
    asks = [(0.0, 1, True) for _ in range(5)] + [(0.5, 1, False)]

    order = [call.push for _, call in play(asks)]

    assert order == [True, False, True, True, True, True]


def test_pushes_to_many_do_not_hold_up_an_answer() -> None:
    asks = [(0.0, chat, True) for chat in range(1, 101)] + [(0.1, 500, False)]

    left = play(asks)

    assert [round(when, 2) for when, call in left if call.chat == 500] == [1.05]  # the first place that comes free


def test_a_chat_that_must_wait_does_not_hold_up_the_others() -> None:
    left = play([(0.0, 1, False), (0.0, 1, False), (0.0, 2, False)])

    assert [(call.chat, round(when, 2)) for when, call in left] == [(1, 0.0), (2, 0.0), (1, 1.05)]


def test_the_order_within_a_chat_is_kept() -> None:
    left = play([(n / 100, 1, False) for n in range(5)])

    assert [call.number for _, call in left] == [1, 2, 3, 4, 5]


def test_a_hold_of_one_chat_leaves_the_others_free_and_a_hold_of_all_nobody() -> None:
    schedule = Schedule(Limits())
    schedule.hold(1, 10.0)
    first, second = schedule.ask(1, push=False), schedule.ask(2, push=False)
    assert schedule.release(0.0) == ([second], 10.0)
    schedule.hold(None, 20.0)
    third = schedule.ask(3, push=False)
    assert schedule.release(12.0) == ([], 8.0)

    assert schedule.release(20.0) == ([first, third], math.inf)


def test_taking_buttons_off_does_not_delay_the_answer_in_private_but_counts_in_a_group() -> None:
    for chat, expected in ((7, 2), (-7, 1)):
        schedule = Schedule(Limits(group=Rate(1, 60.0)))
        schedule.ask(chat, push=False, counted=False)
        schedule.ask(chat, push=False)

        assert len(schedule.release(0.0)[0]) == expected


def test_chats_that_have_gone_quiet_are_forgotten() -> None:
    schedule = Schedule(UNLIMITED)
    for number in range(5000):
        schedule.ask(number + 1, push=False)
        (call,), _ = schedule.release(float(number))
        schedule.end(call, float(number))

    assert len(schedule._chats) <= 1001


class VirtualTime:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, until)


Callback = Callable[..., Coroutine[Any, Any, Any]]


def request(
    pacer: Pacer, callback: Callback, chat: int | None = 1, mark: str | None = None
) -> Coroutine[Any, Any, Any]:
    data = {} if chat is None else {"chat_id": chat}
    return pacer.process_request(callback, (), {}, "sendMessage", data, mark)


def test_requests_wait_on_the_given_clock_and_answers_go_first() -> None:
    time, left = VirtualTime(), []

    async def note(name: str) -> str:
        left.append((name, round(time.now, 3)))
        return name

    async def main() -> list[str]:
        pacer = Pacer(clock=time, sleep=time.sleep)
        asked = [("一", Asked(push=True)), ("二", Asked(push=True)), ("答", None)]
        return await asyncio.gather(*(request(pacer, lambda n=name: note(n), mark=mark) for name, mark in asked))

    assert asyncio.run(main()) == ["一", "二", "答"]
    assert left == [("一", 0.0), ("答", 1.0), ("二", 2.0)]


def test_retry_after_is_passed_on_and_holds_the_chat_or_without_one_all() -> None:
    time = VirtualTime()

    async def refused() -> None:
        raise RetryAfter(60)

    async def fine() -> str:
        return "ok"

    async def main() -> None:
        pacer = Pacer(clock=time, sleep=time.sleep)
        with pytest.raises(RetryAfter):
            await request(pacer, refused, chat=1)
        with pytest.raises(RetryAfter):  # at once: whoever sends goes on with the others
            await request(pacer, fine, chat=1)
        assert await request(pacer, fine, chat=2) == "ok"
        with pytest.raises(RetryAfter):
            await request(pacer, refused, chat=None)
        with pytest.raises(RetryAfter):
            await request(pacer, fine, chat=3)
        time.now = 61.0
        assert await request(pacer, fine, chat=1) == "ok"

    asyncio.run(main())


def test_a_short_hold_is_waited_out() -> None:
    time = VirtualTime()

    async def refused() -> None:
        raise RetryAfter(2)

    async def fine() -> float:
        return time.now

    async def main() -> float:
        pacer = Pacer(clock=time, sleep=time.sleep)
        with pytest.raises(RetryAfter):
            await request(pacer, refused)
        return float(await request(pacer, fine))

    assert asyncio.run(main()) == pytest.approx(2.0)


def test_who_gives_up_while_waiting_takes_no_place() -> None:
    time, left = VirtualTime(), []

    async def note(name: str) -> None:
        left.append(name)

    async def main() -> None:
        pacer = Pacer(clock=time, sleep=lambda seconds: asyncio.sleep(0.01))
        await request(pacer, lambda: note("一"))
        gone = asyncio.create_task(request(pacer, lambda: note("二")))
        await asyncio.sleep(0.02)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        time.now = 1.0
        await request(pacer, lambda: note("三"))
        await pacer.shutdown()

    asyncio.run(main())

    assert left == ["一", "三"]


def test_a_place_that_comes_free_while_its_taker_is_cancelled_is_not_in_the_way() -> None:
    time, left = VirtualTime(), []

    async def note(name: str) -> None:
        left.append(name)

    async def main() -> None:
        pacer = Pacer(clock=time, sleep=lambda seconds: asyncio.sleep(3600))
        await request(pacer, lambda: note("一"))
        gone = asyncio.create_task(request(pacer, lambda: note("二")))
        await asyncio.sleep(0.01)
        time.now = 1.0
        gone.cancel()  # it has not run since, so it still stands in the line
        await request(pacer, lambda: note("别人"), chat=2)
        await asyncio.gather(gone, return_exceptions=True)
        time.now = 2.0
        await request(pacer, lambda: note("三"))
        await pacer.shutdown()

    asyncio.run(main())

    assert left == ["一", "别人", "三"]


def test_nobody_waits_behind_a_pacer_that_has_stopped() -> None:
    async def fine() -> None:
        return None

    async def main() -> None:
        pacer = Pacer(Limits(private=Rate(1, 3600.0)))
        await request(pacer, fine)
        waiting = asyncio.create_task(request(pacer, fine))
        await asyncio.sleep(0.01)
        await pacer.shutdown()
        with pytest.raises(NetworkError, match="Telegram 通道已停"):
            await asyncio.wait_for(waiting, 1)

    asyncio.run(main())


def test_over_the_wire_a_chat_gets_one_a_span_and_an_answer_before_the_pushes() -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.person(7002)
        pushes = [world.send(f"提醒{n}", push=True) for n in range(3)]
        await asyncio.gather(*pushes, world.send("答复"), world.send("别人", to=7002))

    limits = Limits(Rate(30, 1.0), Rate(1, 0.2), Rate(20, 60.0))
    messages = TelegramWorld(limits=limits).start(act).server.messages

    mine = [message for message in messages if message.chat.id == CHEN]
    assert [message.text for message in mine] == ["提醒0", "答复", "提醒1", "提醒2"]
    assert min(later.at - sooner.at for sooner, later in itertools.pairwise(mine)) >= 0.2
    assert [message.text for message in messages[:3]].count("别人") == 1


def test_over_the_wire_too_many_requests_for_a_press_hold_everything() -> None:
    async def act(world: TelegramWorld) -> None:
        await world.send("有没有？", ("k::0", "有"))
        world.server.trouble["answerCallbackQuery"].append(too_many(60))
        world.server.press(world.last(), "k::0")
        await world.heard(1)
        await world.until(lambda: not world.server.trouble["answerCallbackQuery"])
        await asyncio.sleep(0.05)
        assert (await world.send("二")).state == "retry"

    assert [message.text for message in TelegramWorld().start(act).server.messages] == ["有没有？"]
