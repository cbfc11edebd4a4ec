"""The language flows are written in: a run that says and asks, and in which the staff do what they do."""

from collections.abc import Mapping

from flows.asking import PAGE, Asking
from flows.questions import NO, SKIP, Json
from flows.registry import DEEDS
from flows.run import ANY, LONGEST_FLOW, Again, Asked, FlowMistake, Memory, Situation, Stop
from locales import LANGUAGES, Plural, _, n_, texts
from locales.values import Value
from storage import approvals, audit, holds
from storage.occasions import Occasion

__all__ = [
    "ANY",
    "LONGEST_FLOW",
    "NO",
    "PAGE",
    "SKIP",
    "Again",
    "Asked",
    "Chat",
    "FlowMistake",
    "Memory",
    "Situation",
    "Stop",
]


class Chat(Asking):
    """One run of one flow, as the flow sees it."""

    # Lengths of time, which agree with their number

    def months(self, count: int) -> str:
        """So many months, in words."""
        return self.t(n_("{count} month", "{count} months"), count=count)

    def days(self, count: int) -> str:
        """So many days, in words."""
        return self.t(n_("{count} day", "{count} days"), count=count)

    # What staff do

    async def do(
        self,
        name: str,
        about: int,
        summary: str | Plural,
        args: Mapping[str, Json],
        wants_second: bool = False,
        /,
        **values: Value,
    ) -> None:
        """Do what staff do, or propose it where the commune wants two people; the audit has a row of either.

        `summary` says to the second person what it would do; with `wants_second` there must be one in any case.
        """
        if not wants_second and name not in self.commune.two_people:
            await self.carry_out(name, about, args)
            return
        said = {code: texts(code)(summary, **values) for code in LANGUAGES}
        roles = DEEDS[name].roles
        try:
            await approvals.propose(
                self.db, self.commune.id, name, about, dict(args), said, self.citizen.id, roles, self.now
            )
        except approvals.AlreadyProposed:
            raise Stop(_("This waits for the agreement of a second person already.")) from None
        self.note(name, about, proposed=True)
        self.say(_("A second person has to agree. The others have been told; you will hear what they decide."))

    async def carry_out(self, name: str, about: int, args: Mapping[str, Json], /, **details: Json) -> None:
        """Do it, now."""
        deed = DEEDS[name]
        self.note(name, about, **details, **{key: args[key] for key in deed.notes if key in args})
        await deed.run(self, about, **args)

    async def take_in_hand(self, noun: str, about: int) -> None:
        """Hold an item while it is decided on; ends the flow if a colleague has it."""

        async def take(noun: str, about: int) -> str:
            holder = await holds.take(self.db, noun, about, self.citizen.id, self.now)
            return holder.name if holder else ""

        if name := await self.once(f"held-{noun}-{about}", take, noun, about):
            raise Stop(_("{name} has this in hand just now. Take another one."), name=name)

    async def let_go(self, noun: str, about: int) -> None:
        """It is decided: nobody need hold it."""
        await holds.let_go(self.db, noun, about)

    async def looked(self, noun: str, about: int) -> None:
        """Note for the audit that personal data were looked at: once, however often the screen is drawn."""

        async def note(noun: str, about: int) -> None:
            self.note(f"{noun}.look", about)

        await self.once(f"looked-{noun}-{about}", note, noun, about)

    def note(self, name: str, about: int | None, /, **details: Json) -> None:
        """A row of the audit."""
        who, where = self.citizen, self.situation.channel
        audit.note(self.db, self.commune.id, who.id, who.role or "", name, about, details, where, self.now)

    # What a flow hands to storage

    def occasion(self, quarter: str | None = None) -> Occasion:
        """This citizen, here and now."""
        return Occasion(self.citizen, self.commune, self.situation.channel, self.texts.language, self.now, quarter)
