"""Who is let in: whoever proves the secret, once for each question; a command counts once, and only as it was signed."""

from __future__ import annotations

import hmac

from voiceguide.web.guard import Buckets
from voiceguide.web.pairing import ANSWER_S, MOST_DEVICES, Device, Pairing


class Watch:
    """A clock that the test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def sign(pairing: Pairing, text: str) -> str:
    return hmac.new(pairing.secret.encode(), text.encode(), "sha256").hexdigest()


def paired(pairing: Pairing) -> Device:
    question = pairing.question()
    device = pairing.pair(question, sign(pairing, f"pair\n{question}"))
    assert device is not None
    return device


def test_who_signs_a_question_is_in_and_known_by_the_cookie() -> None:
    pairing = Pairing()
    device = paired(pairing)
    assert pairing.device(device.cookie) is device
    assert pairing.paired == 1
    assert all(pairing.device(wrong) is None for wrong in ("", device.id, device.cookie[:-1], "ü\udcff"))


def test_secrets_of_two_sessions_differ_and_are_of_128_bits() -> None:
    assert len({Pairing().secret for _ in range(100)}) == 100
    assert all(len(Pairing().secret) == 22 for _ in range(20))


def test_an_answer_is_taken_once_in_time_and_to_a_question_of_ours_only() -> None:
    watch = Watch()
    pairing = Pairing(watch)
    question = pairing.question()
    proof = sign(pairing, f"pair\n{question}")
    assert pairing.pair(question, proof) is not None
    assert pairing.pair(question, proof) is None, "a replay"
    invented = f"1000000.0123456789abcdef.{'0' * 64}"
    assert pairing.pair(invented, sign(pairing, f"pair\n{invented}")) is None
    late = pairing.question()
    watch.now += ANSWER_S + 1
    assert pairing.pair(late, sign(pairing, f"pair\n{late}")) is None
    for question, proof in (("", ""), ("a.b", "c"), (pairing.question(), ""), (pairing.question(), "é")):
        assert pairing.pair(question, proof) is None
    assert pairing.paired == 1


def test_a_command_counts_once_and_only_from_the_device_that_signed_it() -> None:
    pairing = Pairing()
    one, other = paired(pairing), paired(pairing)
    proof = sign(pairing, f"do\n{one.id}\n7\nnext")
    assert pairing.judge(one, 7, "stop", proof) == "forged"
    assert pairing.judge(one, 8, "next", proof) == "forged"
    assert pairing.judge(other, 7, "next", proof) == "forged"
    assert pairing.judge(one, 7, "next", proof) == "admitted"
    assert pairing.judge(one, 7, "next", proof) == "replayed"
    assert pairing.judge(one, 6, "next", sign(pairing, f"do\n{one.id}\n6\nnext")) == "replayed"
    far = 1 << 60
    assert pairing.judge(one, far, "next", sign(pairing, f"do\n{one.id}\n{far}\nnext")) == "replayed"


def test_one_device_too_many_puts_out_the_first() -> None:
    pairing = Pairing()
    devices = [paired(pairing) for _ in range(MOST_DEVICES + 1)]
    assert pairing.device(devices[0].cookie) is None
    assert pairing.device(devices[1].cookie) is devices[1]
    assert pairing.paired == MOST_DEVICES


def test_a_bucket_gives_its_burst_and_then_so_many_a_second_to_each() -> None:
    watch = Watch()
    buckets = Buckets(3, 2, watch)
    assert [buckets.take("a") for _ in range(5)] == [True, True, True, False, False]
    assert buckets.take("b")
    watch.now += 1
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
