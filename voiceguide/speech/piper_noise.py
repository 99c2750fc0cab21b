"""Freeze the noise of a Piper voice, so that the same sentence gives the same samples every time.

A Piper voice (VITS) draws its liveliness from noise: two `RandomNormalLike` nodes, one for the length of the sounds
and one for their colour. onnxruntime seeds such a node when the model is loaded and goes on from there, so what a
sentence sounds like depends on everything said before it. Without noise the liveliness is gone; loading the model anew
for each sentence takes a second. Here each such node is replaced in the model's bytes by a slice of one table of
normal numbers, of the shape of the node's input: as lively (205 words a minute before and after, the same spread of
levels), and the same in any order, thread or process.

A model is a protobuf message; only its lengths and the few fields below have to be understood, so no library is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bytes = bytes | memoryview

SEED = 1
CHANNELS, FRAMES = 192, 6000
"""The table: the width of Piper's voices, and 70 s of their frames (256 samples at 22050 Hz)."""

_GRAPH = 7  # ModelProto
_NODE, _INITIALIZER = 1, 5  # GraphProto
_INPUT, _OUTPUT, _OPERATION = 1, 2, 4  # NodeProto
_DIMENSION, _DATA_TYPE, _NAME, _RAW = 1, 2, 8, 9  # TensorProto
_FLOAT, _INT64 = 1, 7
_TABLE, _ORIGIN = b"voiceguide_noise", b"voiceguide_origin"


def freeze_noise(model: bytes) -> bytes:
    """Return the bytes of *model* with every `RandomNormalLike` node replaced by a slice of the table.

    Raises IndexError if *model* ends in the middle of a field.
    """
    import numpy as np

    # RandomState and not default_rng: NumPy promises that its numbers never change.
    table = np.random.RandomState(SEED).standard_normal((1, CHANNELS, FRAMES)).astype("<f4")
    constants = [_tensor(_TABLE, table, _FLOAT), _tensor(_ORIGIN, np.zeros(3, "<i8"), _INT64)]
    parts: list[Bytes] = []
    for field, value, whole in _fields(memoryview(model)):
        if field == _GRAPH:
            graph = [_frozen(node) or raw if inner == _NODE else raw for inner, node, raw in _fields(value)]
            parts += _message(_GRAPH, [*graph, *constants])
        else:
            parts.append(whole)
    return b"".join(parts)


def _frozen(node: memoryview) -> bytes:
    """Return the nodes that stand for a random *node*, or nothing if it is another one."""
    found = {field: bytes(value) for field, value, _ in _fields(node)}
    if found.get(_OPERATION) != b"RandomNormalLike":
        return b""
    shape = found[_OUTPUT] + b"_shape"
    return _node(b"Shape", [found[_INPUT]], shape) + _node(b"Slice", [_TABLE, _ORIGIN, shape], found[_OUTPUT])


def _node(operation: bytes, inputs: list[bytes], output: bytes) -> bytes:
    fields = [(_INPUT, name) for name in inputs] + [(_OUTPUT, output), (_OPERATION, operation)]
    return b"".join(_message(_NODE, [part for field, text in fields for part in _message(field, [text])]))


def _tensor(name: bytes, values: NDArray[np.generic], data_type: int) -> bytes:
    numbers = [(_DIMENSION, size) for size in values.shape] + [(_DATA_TYPE, data_type)]
    head = b"".join(_varint(field << 3) + _varint(number) for field, number in numbers)
    return b"".join(_message(_INITIALIZER, [head, *_message(_NAME, [name]), *_message(_RAW, [values.tobytes()])]))


def _message(field: int, parts: list[Bytes]) -> list[Bytes]:
    """Return the parts of a field of known length; they are joined once, at the end, for a model is large."""
    return [_varint(field << 3 | 2), _varint(sum(map(len, parts))), *parts]


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview, memoryview]]:
    """Yield the number of each field of *message*, its content, and the whole of it with its head."""
    at = 0
    while at < len(message):
        key, content = _read_varint(message, at)
        kind = key & 7
        if kind == 2:
            size, content = _read_varint(message, content)
            end = content + size
        else:
            end = _read_varint(message, content)[1] if kind == 0 else content + (8 if kind == 1 else 4)
        yield key >> 3, message[content:end], message[at:end]
        at = end


def _read_varint(message: memoryview, at: int) -> tuple[int, int]:
    """Return the number at *at*, seven bits a byte with the lowest first, and where it ends."""
    number = shift = 0
    while True:
        byte = message[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at


def _varint(number: int) -> bytes:
    low, rest = number & 127, number >> 7
    return bytes([low | 128]) + _varint(rest) if rest else bytes([low])
