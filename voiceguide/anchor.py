"""The anchor: the level of the voice, from which every other level is told, and the peaks that nothing passes.

Every clip of speech arrives at one loudness and stays there. So the level of anything else is a distance from it, which
no length of a session and no number of words can change; and peaks are bounded by sums of what is written here.
"""

from __future__ import annotations

from voiceguide.units import db_to_gain

SPEECH_DB = -16.0
"""Loudness of words in LUFS, as a stereo file (docs/sources.md, levels)."""
PEAK = db_to_gain(-1.6)
"""Highest true peak of a session: 0.1 dB under what is promised, for the rounding of other meters."""
CLIP_PEAK = db_to_gain(-4.2)
"""Highest true peak of any clip. What sounds together with words shares the rest."""
TAIL_DB = 14.0
"""A chime this far under its own loudest moment is 20 dB under the voice, because it is mixed at least 6 dB lower."""
FAINT = db_to_gain(-TAIL_DB)
"""No peak in a chime's tail is higher than this share of its highest."""
TONE_PEAK = db_to_gain(-11.5)
"""No peak of a breath tone is higher, before it is put under the voice."""
