"""The words that a script for listeners had better not say, and those that a careful one does say. English only.

Claims and names of diseases stay out of every spoken or shown text, because a massage guide that makes them is an
unlicensed medicine, and a disclaimer does not repair it (docs/sources.md, claims).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

_NUMBER = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|twenty|thirty|a few)"
_SPELL = rf"{_NUMBER} (?:minute|hour|day|week|month|session)s?"
_ACHE = r"(?:pain|ache|soreness|stiffness|discomfort)s?"

AVOIDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "claim": (
            r"cur(?:e|es|ed|ing|ative|e-alls?)",
            r"heal(?:s|ed|ing|ers?)?",
            r"treat(?:s|ed|ing|able|ments?)?",
            r"therap(?:y|ies) (?:for|against)",
            r"remed(?:y|ies|ied)",
            r"detox(?:es|ed|ing|if(?:y|ies|ied|ying|ication))?",
            r"toxins?",
            r"cleans(?:e|es|ed|ing)",
            r"diagnos(?:e|es|ed|ing|is|tic)",
            r"guarantee(?:s|d|ing)?",
            r"(?:doctor|physician|podiatrist|physiotherapist)s?[- ](?:approved|recommended|tested)",
            r"(?:clinically|medically|scientifically) (?:approved|proven|tested)",
            r"(?:no|zero|without|without any|free of|free from) side[- ]effects?",
            rf"(?:in|within) {_SPELL},? (?:your|the|all|any|that)(?: \w+)? {_ACHE}",
            rf"{_ACHE}(?: is| are| will be)? gone (?:in|within|after) {_SPELL}",
            rf"pain[- ]free (?:in|within|after) {_SPELL}",
        ),
        "disease": (
            r"diabet(?:es|ic|ics)",
            r"(?:osteo)?arthriti[sc]",
            r"(?:osteo)?arthrosis",
            r"osteoporosis",
            r"(?:fasci|tendin|tendon|burs|dermat|neur|phleb|sinus|cellul|capsul|bronch)itis",
            r"(?:heel |bone |calcaneal )?spurs?",
            r"(?:migraine|headache|cancer|bunion|verruca|wart|ulcer)s?",
            r"tumou?rs?",
            r"(?:anxiety|insomnia|depression|dementia|asthma|epilepsy|gout|lupus|eczema|psoriasis|sciatica)",
            r"(?:panic|asthma|heart) attacks?",
            r"(?:hyper|hypo)tension",
            r"blood pressure",
            r"neuropath(?:y|ies|ic)",
            r"neur(?:oma|omas|algia)",
            r"rheumati(?:c|sm)",
            r"(?:fibromyalgia|thrombos[ie]s|scoliosis|multiple sclerosis|shingles)",
            r"varicose(?: veins?)?",
            r"(?:lymphoedema|oedema|edema)",
            r"(?:fungus|fungal|athlete's foot)",
            r"fallen arch(?:es)?",
            r"(?:hallux )?valgus",
            r"premenstrual",
        ),
        "organ": (
            r"(?:liver|kidney|spleen|bladder|gallbladder|gall bladder|intestine|bowel|pancreas|lung|heart|stomach)s?",
            r"(?:brain|colon|thyroid|uterus|womb|prostate|pituitary)",
            r"ovar(?:y|ies)",
            r"sinus(?:es)?",
        ),
        "thumb-of-foot": (
            r"thumbs? of (?:the|your|that|this|each) (?:(?:left|right|other|\{\w+\}) )?(?:foot|feet)",
            r"foot's thumbs?",
        ),
    }
)
"""Patterns of words by the code that warns of them; each matches whole words of text in lower case."""

_LIMB = r"(?:feet|foot|heels?|toes?|soles?|hands?|skin)"
HARMLESS = (
    r"(?:a|an|little|small|nice|real|special) treat",
    r"treat yourself",
    rf"treat (?:your|the|both|each)(?: \S+)? {_LIMB} to",
    r"treat(?: \S+){1,4} (?:gently|kindly|carefully|softly|with (?:care|respect|kindness))",
    r"healed (?:place|spot|scar|skin|bone|area|wound|fracture|side|foot|heel|ankle)",
    rf"cleans\w+ (?:your|the|both)(?: \S+)? {_LIMB}",
    r"(?:no|without) guarantees?",
    r"spurs? of the moment",
    r"spurs? (?:you|us|him|her|them) on",
    r"(?:a|the|this|that|small|soft|slight|little|shallow) depression",
    r"(?:on|off|onto) (?:your|the|their|his|her) (?:stomach|heart)s?",
    r"by heart",
    r"heart's content",
    r"(?:fill|fills|filling|empty|emptying|into) (?:your|the|both) (?:lungs?|bladder)",
)
"""Phrases in which such a word means something else."""

_PAIN = r"pain|pains|painful|hurts?|numb|numbness|tingl\w+|dizzy|dizziness|faint|light-headed"
_AIR = r"dizzy|dizziness|tingl\w+|faint|light-headed|short of (?:air|breath)|shortness of breath|breathless(?:ness)?"
_FREE = r"normally|freely|naturally|as usual|however you|as you"
STOP_RULE = (rf"\b(?:{_PAIN})\b", r"(?<!don't )(?<!not )(?<!never )\b(?:stop(?:ping)?|ease off|break off|leave off)\b")
"""What the words that tell to stop a massage hold: a sign, and the advice (docs/sources.md, care)."""
BREATH_RULE = (
    rf"\b(?:{_AIR})\b",
    rf"\bbreath(?:e|ing)\b[^.!?]*\b(?:{_FREE})\b|\b(?:normal|usual|natural|own) breath(?:ing)?\b"
    r"|\bbreath (?:go|be) free\b",
)
"""What the words that tell to leave paced breathing hold (docs/sources.md, breathing)."""
HAND_WASH = (r"\b(?:wash|wipe|wiping|rinse|clean|towel)\b", rf"\b(?:{_LIMB}|palms|fingers|oil|cream|gel)\b")
"""What the words that end work with the hands hold (docs/sources.md, care)."""

_FOOT = r"foot|feet|heel|sole|ankle|toe|toes|arch|instep|calf|shin|leg"
_SIDED = re.compile(
    rf"\b(left|right) (?:(?:big|little|inner|outer|upper|lower|bare) )?"
    rf"(?:({_FOOT})|hand|palm|thumb|fist|knee|thigh|side|elbow|hip)\b"
)

TAGS: Mapping[str, str] = MappingProxyType(
    {
        "safety": "what keeps people safe, such as the stop rule: in live play it is not skipped unheard",
        "points": "pressing on single points: left out in pregnancy, with skin damage, in a flare-up",
        "firm": "pressure above 4: lightened where a clinician has to be asked",
        "prone": "lying face down: left out in pregnancy, replaced by lying on the back",
        "hold": "holding the breath: replaced by even breath for those who should not",
        "heat": "warmth from a pack, a bath or a gel: not for numb feet or damaged skin",
        "oil": "oil, cream or moisturiser: wipe the feet dry, because it is slippery",
        "gel": "warming gel: by its leaflet, not for numb feet or damaged skin, never with heat",
        "scent": "essential oils: diluted, patch test first, not in pregnancy without advice",
        "stretch": "stretching a joint: not with a hot or swollen one",
        "shift": "moving the heel pad: off after a fracture, with brittle bones or a joint replacement",
        "veins": "strokes on the lower leg: never on varicose veins",
        "partner": "two people: one massages, the other answers the questions",
        "standing": "standing or walking: with something to hold on to",
        "night": "for falling asleep: ends without a chime",
    }
)
"""Tags that screening knows, and what each one does (docs/sources.md, care)."""


_ANY = re.compile(rf"\b(?:{'|'.join(p for patterns in AVOIDED.values() for p in patterns)})\b")
_BY_CODE = {code: re.compile("|".join(patterns)) for code, patterns in AVOIDED.items()}
_HARMLESS = re.compile(rf"\b(?:{'|'.join(HARMLESS)})\b")


def avoided(text: str) -> Iterator[tuple[str, str]]:
    """Yield the code and the words, each pair once, of everything in *text* that had better not be said."""
    text = " ".join(text.lower().replace("\u2019", "'").split())
    harmless: list[tuple[int, int]] | None = None
    seen: set[str] = set()
    for match in _ANY.finditer(text):
        if harmless is None:
            harmless = [found.span() for found in _HARMLESS.finditer(text)]
        if match[0] not in seen and not any(a <= match.start() and match.start() < b for a, b in harmless):
            seen.add(match[0])
            yield next(code for code, pattern in _BY_CODE.items() if pattern.fullmatch(match[0])), match[0]


def tells(text: str, rule: tuple[str, str]) -> bool:
    """Tell whether *text* says what *rule* asks for."""
    return all(re.search(pattern, text.lower().replace("\u2019", "'")) for pattern in rule)


def sides_named(text: str, *, feet: bool = False) -> dict[str, str]:
    """Return the sides, `left` or `right`, that *text* names with a part of the body (*feet*: of the foot or leg).

    Each comes with the words that name it. `Lighter is always right` and `two minutes left` name none.
    """
    found: dict[str, str] = {}
    for match in _SIDED.finditer(" ".join(text.lower().split())):
        if match[2] or not feet:
            found.setdefault(match[1], match[0])
    return found
