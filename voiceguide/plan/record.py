"""Plan <-> record: a plan as data that JSON can hold, and back. It travels to another process, machine or day.

The routine goes as the texts that it was read from, and is read again there; everything else goes as it is.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cattrs import Converter
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from voiceguide.address import Address
from voiceguide.clips import ClipId
from voiceguide.plan.plan import Plan
from voiceguide.plan.reasons import Reason
from voiceguide.script.link import link
from voiceguide.script.model import Routine
from voiceguide.script.read import read
from voiceguide.source import Source, Span


def to_record(plan: Plan) -> dict[str, Any]:
    """Return *plan* as a record of numbers, texts, lists and mappings."""
    sources: dict[Source, int] = {}

    def number(source: Source) -> int:
        return sources.setdefault(source, len(sources))

    converter = _converter()
    converter.register_unstructure_hook(Span, lambda s: [number(s.source), s.line, s.column, s.width])
    converter.register_unstructure_hook(
        Routine,
        lambda r: {"script": number(r.span.source), "linked": {name: number(s) for name, s in r.linked.items()}},
    )
    record: dict[str, Any] = converter.unstructure(plan)
    return {**record, "sources": [{"label": source.label, "text": source.text} for source in sources]}


def from_record(record: dict[str, Any]) -> Plan:
    """Return the plan whose record that is. Raises ValueError or an error of cattrs if it is none."""
    sources = [Source(each["label"], each["text"]) for each in record["sources"]]

    def routine(made: Any, _: Any) -> Routine:
        found = _read(sources[made["script"]])
        return link(found, {name: _read(sources[i]) for name, i in made["linked"].items()})

    converter = _converter()
    converter.register_structure_hook(Span, lambda s, _: Span(sources[s[0]], *s[1:]))
    converter.register_structure_hook(Routine, routine)
    return converter.structure({key: value for key, value in record.items() if key != "sources"}, Plan)


@cache
def _read(source: Source) -> Routine:
    routine, report = read(source)
    if routine is None:
        raise ValueError(f"the script of the record has errors:\n{report}")
    return routine


def _converter() -> Converter:
    converter = make_converter()
    converter.register_unstructure_hook(Address, str)
    converter.register_structure_hook(Address, lambda text, _: Address.parse(text))
    configure_tagged_union(ClipId, converter, tag_name="kind")
    configure_tagged_union(Reason, converter, tag_name="kind")
    return converter
