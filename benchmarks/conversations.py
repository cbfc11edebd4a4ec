"""What the citizens of the benchmark say, and how they know that a bot has answered."""

import re
from dataclasses import dataclass

from benchmarks.bot_api import Sent

NAME = "Fatima Zahra Benali"


@dataclass(frozen=True, slots=True)
class Says:
    """Typed words; `{number}` is the citizen's own."""

    words: str


@dataclass(frozen=True, slots=True)
class Taps:
    """The button whose data ends so; of several, each citizen has one."""

    ending: str


Step = Says | Taps


@dataclass(frozen=True, slots=True)
class Conversation:
    """Steps, and the last word that ends them."""

    steps: tuple[Step, ...]
    last_word: re.Pattern[str]

    def is_answered(self, step: int, sent: Sent) -> bool:
        """Whether this message lets the citizen go on after so many steps."""
        if step == len(self.steps):
            return bool(self.last_word.search(sent.text))
        match self.steps[step]:
            case Taps(ending):
                return any(button.endswith(ending) for button in sent.buttons)
        return True

    def button(self, step: Taps, sent: Sent, number: int) -> str:
        """What the tap sends back."""
        fitting = [button for button in sent.buttons if button.endswith(step.ending) and not button.startswith("@")]
        return fitting[number % len(fitting)]


# The peers' own conversation: a language, a petition, a name, a number, a confirmation, one inserted row.
OF_PEERS = Conversation(
    (Says("/start"), Taps("lang:fr"), Taps("pet:2"), Says(NAME), Says("I{number:07d}"), Taps("yes")),
    re.compile("^Registered"),
)

# A citizen's first contact with Sawt, up to the receipt of a declaration of support.
OF_SAWT = Conversation(
    (
        Says("/start"),
        Taps(":fr"),  # language
        Taps(""),  # notice: its only button
        Taps(":petition.support"),  # menu
        Taps(""),  # a petition
        Taps(":yes"),  # support
        Taps(":yes"),  # consent
        Says(NAME),
        Says("I{number:07d}"),  # the ID card
        Taps(":skip"),  # quarter
        Taps(":right"),  # confirm
    ),
    re.compile("BM-[0-9A-Z]{4}-[0-9A-Z]{4}"),
)
