"""devices: what a session can be heard on."""

from __future__ import annotations

from voiceguide.cli.options import AsJson, OutputName
from voiceguide.cli.printing import print_records, table
from voiceguide.terminal import echo


def devices(output: OutputName = "auto", as_json: AsJson = False) -> None:
    """List the sound devices that a session can be heard on.

    `play --device NAME` takes one by a part of its name.
    """
    from voiceguide.play.output import LiveOutput, NoSoundError, pick_output

    chosen = pick_output(output)
    try:
        found = chosen.devices() if isinstance(chosen, LiveOutput) else ()
    except OSError as error:
        raise NoSoundError(f"there is no sound device to play on ({chosen.name}: {error})") from error
    if as_json:
        print_records([{"output": chosen.name, "device": device.name, "usual": device.usual} for device in found])
    elif found:
        echo(table(("device", ""), [(device.name, "usual" if device.usual else "") for device in found]))
    else:
        echo(f"{chosen.name} cannot choose a device: it takes what the system gives it")
