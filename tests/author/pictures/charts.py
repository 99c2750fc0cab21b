"""Charts made by hand."""

from __future__ import annotations

from voiceguide.author.pictures.labels import Chart, ChartLane

FEET = Chart(
    title="Whole <Foot> & more",
    subtitle="What is there at which length: 8:00 to 25:00 with tone",
    words="Possible from 8:00 to 25:00. below 14:34 `toes` (Rub each toe) goes.",
    low_s=480,
    high_s=1500,
    default_s=900,
    lanes=(
        ChartLane("welcome", "Welcome & stop rule", "", "`welcome` is there at every length", ((480, 1501, ""),)),
        ChartLane(
            "edge-of-the-palm-and-more",
            "Edge of the palm, from the toes to the shin and back",
            "both sides",
            "takes its brief wording below 12:00",
            ((480, 600, "minimal"), (600, 720, "brief"), (720, 1400, ""), (1400, 1501, "full")),
        ),
        ChartLane("toes", "Rub each toe", "both sides", "below 14:34 goes", ((874, 1501, ""),), (874,), fixed=False),
        ChartLane(
            "early", "Early", "", "below 8:10 goes", ((490, 700, "in-part"), (700, 1501, "")), (490,), fixed=False
        ),
    ),
)


def one(low_s: int, high_s: int) -> Chart:
    """Return a chart of one step that is always there."""
    lane = ChartLane("a", "A", "", "is there", ((low_s, high_s + 1, ""),))
    return Chart("T", "S", "W", low_s, high_s, high_s, (lane,))
