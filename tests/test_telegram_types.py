"""aiogram with only those types built that Sawt uses: all of these, and in a fraction of the memory."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHANNELS = ROOT / "bot" / "channels"
CODE = "".join((CHANNELS / name).read_text(encoding="utf-8") for name in ("telegram.py", "telegram_letters.py"))

CHECK = """
from bot.channels import telegram_types
from bot.channels import telegram, telegram_letters
import aiogram.methods, aiogram.types
from pydantic import BaseModel
for package, names in ((aiogram.types, telegram_types._TYPES), (aiogram.methods, telegram_types._METHODS)):
    for name in names:
        assert getattr(package, name).__pydantic_complete__, name
things = [*vars(telegram).values(), *vars(telegram_letters).values()]
used = [thing for thing in things if isinstance(thing, type) and issubclass(thing, BaseModel)]
for thing in used:
    assert thing.__pydantic_complete__, thing
assert not aiogram.types.Poll.__pydantic_complete__, "everything is built: nothing is saved"
print(",".join(telegram_types._METHODS))
"""


def test_every_type_and_method_that_the_channel_uses_is_built_and_no_other():
    run = subprocess.run([sys.executable, "-c", CHECK], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    built = set(run.stdout.strip().split(","))
    called = {word.title().replace("_", "") for word in re.findall(r"self\.bot\.([a-z_]+)\(", CODE)}
    assert called
    assert called <= built
