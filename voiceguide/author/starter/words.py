"""THE table of texts that a begun script is filled with. `$whose` is `your {side} foot`, `$name` a step's name.

Health wording: comfort and calm, never an effect on an illness or an organ; the stop rule comes first of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """What a step says, in full and in brief."""

    say: str
    brief: str


@dataclass(frozen=True)
class Kind:
    """What one kind of session is made of: its head, the texts of its frame, of its steps, and its signs of life.

    *names* are its usual steps, where the part of the body does not say; *paired* those of one side.
    """

    family: str
    purpose: str
    hello: Said
    settle: Said
    first: Said
    steps: tuple[Said, ...]
    change: Said
    rest: Said
    bye: Said
    signs: tuple[str, ...]
    names: tuple[str, ...] = ()
    paired: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """What one part of the body needs: how to sit, what to have at hand, how to begin and to end, and usual moves."""

    posture: str
    materials: str
    take: Said
    bye: Said
    names: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """One way of breathing: how it is told once, and again; and rounds that are enough, where there is a limit."""

    teach: Said
    most: int = 999


_WIPED = Said(
    "Wipe off what is left of the oil. Sit for a breath or two, then stand up slowly and wash your hands.",
    "Wipe off the oil, stand up slowly, wash your hands.",
)

KINDS: Mapping[str, Kind] = {
    "massage": Kind(
        family="general",
        purpose="A slow self-massage of the $part, to unwind.",
        hello=Said(
            "Welcome. Stop at sharp pain, numbness, tingling, dizziness or a skin reaction. Lighter is always right.",
            "Stop at sharp pain, numbness, tingling or dizziness. Lighter is always right.",
        ),
        settle=Said("Lean back, let your shoulders drop, and breathe with me. $teach", "Lean back. $short"),
        first=Said(
            "Begin with this: $name. Slowly, all over $whose, with a comfortable pressure.", "On $whose: $name."
        ),
        steps=(
            Said("Next: $name. Keep the same slow pace, on $whose.", "Next: $name."),
            Said("Now: $name. Only as firmly as feels good, and never in a hurry.", "Now: $name."),
            Said("Go on with this: $name. Let the rest of you stay soft.", "Go on: $name."),
            Said("And now: $name. Notice where $whose likes it best.", "And now: $name."),
        ),
        change=Said("Let $others rest, and loosen your fingers. Now $whose.", "Now $whose."),
        rest=Said("Let your hands lie still. Breathe easily, and notice how you feel.", "Let your hands lie still."),
        bye=_WIPED,
        signs=(
            "Slow and even.",
            "Lighter is always right.",
            "Let your shoulders drop.",
            "Keep your breath easy.",
            "Stay where it feels good.",
        ),
    ),
    "rest": Kind(
        family="relaxing",
        purpose="A quiet rest, from place to place through the body.",
        hello=Said(
            "Welcome. Lie down or sit as you like best. If anything feels wrong, move, open your eyes, and stop.",
            "Lie or sit as you like. If anything feels wrong, move, and stop.",
        ),
        settle=Said("Let yourself be carried, and breathe with me. $teach", "Settle down. $short"),
        first=Said(
            "Bring your attention to this$place: $name. There is nothing to do, only to notice.",
            "Notice this$place: $name.",
        ),
        steps=(
            Said("Go on to this: $name. Let it grow heavy, as far as it likes.", "Go on: $name."),
            Said("Next: $name. Whatever you feel there is fine.", "Next: $name."),
            Said("Now: $name. With each breath out, a little softer.", "Now: $name."),
            Said("And now: $name. Warm or cool, light or heavy, just notice.", "And now: $name."),
        ),
        change=Said("Take one easy breath. Now the {side} side.", "Now the {side} side."),
        rest=Said("Rest as a whole, from head to foot. Nothing to do, nowhere to go.", "Rest as a whole."),
        bye=Said(
            "Move your fingers and toes. Stretch a little, wait for a breath or two, and stand up slowly.",
            "Stretch a little, and stand up slowly.",
        ),
        signs=(
            "Nothing to do.",
            "Let the breath come and go.",
            "A little softer.",
            "Just notice.",
            "You have time.",
        ),
        names=("feet", "legs", "hips and belly", "back", "shoulders and arms", "face"),
        paired=("foot", "lower leg", "thigh", "hand", "arm and shoulder"),
    ),
    "breathing": Kind(
        family="breathing",
        purpose="A few minutes of slow breathing, in whole rounds.",
        hello=Said(
            "Sit or lie comfortably, hands free. If you feel dizzy, tingling or short of air, let the tone go, "
            "and breathe normally.",
            "If you feel dizzy, tingling or short of air, breathe normally.",
        ),
        settle=Said("$teach", "$short"),
        first=Said("", ""),
        steps=(),
        change=Said("Half-way. About {remaining} left. Stay with the tone, or rest.", "Half-way."),
        rest=Said("Let the tone go now. Breathe however you like.", "Breathe however you like."),
        bye=Said(
            "Open your eyes if they are closed. Stretch a little, and stand up slowly when you are ready.",
            "Stretch a little, and stand up slowly.",
        ),
        signs=(),
    ),
}
"""By the word after `--kind`."""

PARTS: Mapping[str, Part] = {
    "foot": Part(
        posture="Chair or sofa with a back; foot on the other thigh, knee to the side; towel under the thigh.",
        materials="[plain unscented oil or cream, towel]",
        take=Said(
            "Bring $whose onto the other thigh, the knee out to the side. Spread a little oil on it.",
            "Bring $whose onto the other thigh.",
        ),
        bye=Said(
            "Wipe $whole dry, so that you cannot slip. Sit for a breath or two, then stand up slowly and wash your "
            "hands.",
            "Wipe $whole dry, stand up slowly, wash your hands.",
        ),
        names=(
            "stroke from heel to toes",
            "small circles round the heel",
            "knead the sole with both thumbs",
            "slide a thumb along the arch",
            "rub each toe",
            "palms round the ankle",
        ),
    ),
    "hand": Part(
        posture="Chair with a back; forearm resting on the thigh or on a table, palm up.",
        materials="[plain unscented oil or cream, towel]",
        take=Said(
            "Rest $whose in your lap, palm up. Spread a little oil or cream over it.",
            "Rest $whose in your lap, palm up.",
        ),
        bye=_WIPED,
        names=(
            "long strokes over the palm",
            "knead the base of the thumb",
            "small circles on the palm",
            "slide along each finger",
            "circle round each knuckle",
            "fingers round the wrist",
        ),
    ),
}
"""What is known of some parts of the body; the others take `ANY_PART`."""
ANY_PART = Part(
    posture="Sitting with a back, warm and at ease, so that both hands reach without effort.",
    materials="[plain unscented oil or cream, towel]",
    take=Said("Lay your hands on $whose. Spread a little oil or cream over it.", "Lay your hands on $whose."),
    bye=_WIPED,
    names=(
        "long, slow strokes",
        "small circles with flat fingers",
        "gentle kneading",
        "warm hands, held still",
        "light strokes with the fingertips",
    ),
)
RESTING = ("Let the breath come and go.", "Nothing to do.", "Just rest.", "You have time.")
"""Signs of life in a long rest."""
POSTURE = "Lying down or sitting with a back; warm, hands free, eyes open or closed as you like."
MATERIALS = "[comfortable seat or bed]"

WAYS: Mapping[str, Way] = {
    "even": Way(
        Said("In for five as the tone rises, out for five as it falls, never holding.", "In for five, out for five.")
    ),
    "resonance": Way(
        Said("In slowly as the tone rises, out slowly as it falls, never holding.", "In and out, with the tone.")
    ),
    "night": Way(
        Said("In for four as the tone rises, out for six as it falls, never holding.", "In for four, out for six.")
    ),
    "box": Way(
        Said(
            "In for four as the tone rises, hold for four, out for four as it falls, hold for four. "
            "Hold only as long as it is easy.",
            "In, hold, out, hold, four each.",
        ),
        most=20,
    ),
    "4-7-8": Way(
        Said(
            "In for four as the tone rises, hold for seven, out for eight as it falls. "
            "Hold only as long as it is easy.",
            "In for four, hold for seven, out for eight.",
        ),
        most=4,
    ),
    "sigh": Way(
        Said(
            "In through the nose, a little more on top, then a long breath out through the mouth.",
            "In, a little more, and long out.",
        ),
        most=25,
    ),
}
"""By the word after `--breath`; the limits are those of domain 3.4."""
TIME_LEFT = Said("About {remaining} left. Stay with the tone, or rest.", "About {remaining} left.")
"""Instead of half-way words, where they do not come at the half."""
CAUTIOUS = ("box", "4-7-8", "sigh")
"""Ways of breathing that are not for everybody (domain 5.1, K12)."""
