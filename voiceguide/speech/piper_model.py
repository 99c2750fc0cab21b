"""The model of a Piper voice, made ready: its noise is frozen, and it tells how long each of its sounds lasts.

A Piper voice (VITS) draws its liveliness from noise: two `RandomNormalLike` nodes, one for the length of the sounds
and one for their colour. onnxruntime seeds such a node when the model is loaded and goes on from there, so what a
sentence sounds like depends on everything said before it. Without noise the liveliness is gone; loading the model anew
for each sentence takes a second. Here each such node is replaced in the model's bytes by a slice of one table of
normal numbers, of the shape of the node's input: as lively (205 words a minute before and after, the same spread of
levels), and the same in any order, thread or process.

The one `Ceil` node of such a model gives how many frames each sound lasts. Its output becomes the second one of the
model; and the part of the model that comes before it, a tenth of the work, is a model of its own.

A model is a protobuf message; only its lengths and the few fields below have to be understood, so no library is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from voiceguide.nouns import dataclass

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bytes = bytes | memoryview

SEED = 1
CHANNELS, FRAMES = 192, 6000
"""The table: the width of Piper's voices, and 70 s of their frames (256 samples at 22050 Hz)."""

_GRAPH = 7  # ModelProto
_NODE, _INITIALIZER, _GRAPH_OUTPUT = 1, 5, 12  # GraphProto
_INPUT, _OUTPUT, _OPERATION, _ATTRIBUTE = 1, 2, 4, 5  # NodeProto
_ATTRIBUTE_GRAPHS = (6, 11)  # AttributeProto
_VALUE_NAME = 1  # ValueInfoProto
_DIMENSION, _DATA_TYPE, _NAME, _RAW = 1, 2, 8, 9  # TensorProto
_FLOAT, _INT64 = 1, 7
_TABLE, _ORIGIN = b"voiceguide_noise", b"voiceguide_origin"


@dataclass(frozen=True, eq=False)
class Model:
    """The graph of a voice in its parts, noise frozen: what it is computed from, in the order of the file.

    *nodes* and *values* hold the bytes of whole fields; *counts* is the name of what `Ceil` gives, or empty if there is
    not just one such node.
    """

    around: tuple[memoryview, ...]
    other: tuple[memoryview, ...]
    nodes: tuple[Node, ...]
    values: Mapping[bytes, Bytes]
    outputs: tuple[Bytes, ...]
    counts: bytes

    def whole(self) -> bytes:
        """Return the bytes of the model, which gives the lengths of the sounds as its second output, if it can."""
        return self._bytes(self.nodes, self.values.values(), [*self.outputs, *self._told()])

    def lengths(self) -> bytes:
        """Return the bytes of the part of the model that gives the lengths of the sounds, or nothing if it cannot."""
        if not self.counts:
            return b""
        needed, kept = {self.counts}, []
        for node in reversed(self.nodes):  # a graph's nodes stand after those that they need
            if not needed.isdisjoint(node.outputs):
                needed.update(node.inputs)
                kept.append(node)
        values = [value for name, value in self.values.items() if name in needed]
        return self._bytes(kept[::-1], values, self._told())

    def _told(self) -> list[Bytes]:
        return [b"".join(_message(_GRAPH_OUTPUT, _message(_VALUE_NAME, [self.counts])))] if self.counts else []

    def _bytes(self, nodes: Iterable[Node], values: Iterable[Bytes], outputs: Iterable[Bytes]) -> bytes:
        graph = [*(node.data for node in nodes), *values, *outputs, *self.other]
        made = BytesIO()  # joined at once, 67 MB would keep all other threads waiting for 50 ms
        for part in (*self.around, *_message(_GRAPH, graph)):
            made.write(part)
        return made.getvalue()


@dataclass(frozen=True)
class Node:
    """One node of a graph: the names of what it is given and gives, and its bytes."""

    operation: bytes
    inputs: tuple[bytes, ...]
    outputs: tuple[bytes, ...]
    data: Bytes


def read_model(model: bytes) -> Model:
    """Return *model* with every `RandomNormalLike` node replaced by a slice of the table.

    Raises IndexError if *model* ends in the middle of a field.
    """
    import numpy as np

    around: list[memoryview] = []
    other: list[memoryview] = []
    nodes: list[Node] = []
    outputs: list[Bytes] = []
    # RandomState and not default_rng: NumPy promises that its numbers never change.
    table = np.random.RandomState(SEED).standard_normal((1, CHANNELS, FRAMES)).astype("<f4")
    values: dict[bytes, Bytes] = {
        _TABLE: _tensor(_TABLE, table, _FLOAT),
        _ORIGIN: _tensor(_ORIGIN, np.zeros(3, "<i8"), _INT64),
    }
    nested = False
    for field, value, whole in _fields(memoryview(model)):
        if field != _GRAPH:
            around.append(whole)
            continue
        for inner, content, raw in _fields(value):
            if inner == _NODE:
                node, holds = _read_node(content, raw)
                nested |= holds
                nodes += _frozen(node) if node.operation == b"RandomNormalLike" else [node]
            elif inner == _INITIALIZER:
                values[next(bytes(name) for part, name, _ in _fields(content) if part == _NAME)] = raw
            elif inner == _GRAPH_OUTPUT:
                outputs.append(raw)
            else:
                other.append(raw)
    counting = [node.outputs[0] for node in nodes if node.operation == b"Ceil"]
    counts = counting[0] if len(counting) == 1 and not nested else b""
    return Model(tuple(around), tuple(other), tuple(nodes), values, tuple(outputs), counts)


def _read_node(content: memoryview, raw: memoryview) -> tuple[Node, bool]:
    """Return a node, and whether a graph is inside it, which may need what it does not name."""
    fields = [(field, value) for field, value, _ in _fields(content)]
    inputs, outputs = (tuple(bytes(v) for f, v in fields if f == part) for part in (_INPUT, _OUTPUT))
    operation = next((bytes(value) for field, value in fields if field == _OPERATION), b"")
    attributes = (value for field, value in fields if field == _ATTRIBUTE)
    nested = any(part in _ATTRIBUTE_GRAPHS for attribute in attributes for part, _, _ in _fields(attribute))
    return Node(operation, inputs, outputs, raw), nested


def _frozen(node: Node) -> list[Node]:
    """Return the nodes that stand for a random *node*."""
    (source,), (output,) = node.inputs, node.outputs
    shape = output + b"_shape"
    return [_node(b"Shape", [source], shape), _node(b"Slice", [_TABLE, _ORIGIN, shape], output)]


def _node(operation: bytes, inputs: list[bytes], output: bytes) -> Node:
    fields = [(_INPUT, name) for name in inputs] + [(_OUTPUT, output), (_OPERATION, operation)]
    data = b"".join(_message(_NODE, [part for field, text in fields for part in _message(field, [text])]))
    return Node(operation, tuple(inputs), (output,), data)


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
