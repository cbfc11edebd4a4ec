"""aiogram-dialog: `python -m benchmarks.peers.aiogram_dialogs memory|redis sqlite|postgresql`."""

import operator
import sys
from typing import Any

from aiogram import Dispatcher, Router
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.input import TextInput
from aiogram_dialog.widgets.kbd import Button, Column, Select
from aiogram_dialog.widgets.text import Const, Format

from benchmarks.peers import surroundings as said
from benchmarks.peers.aiogram_web import serve, storage

STATES, SIGNATURES = sys.argv[1:3]
signatures = said.signatures(SIGNATURES)
router = Router()


class Signing(StatesGroup):
    language, petition, name, number, confirm = State(), State(), State(), State(), State()


def kept(key: str) -> Any:
    """Takes what is chosen or typed, and goes on."""

    async def keep(_event: Any, _widget: Any, manager: DialogManager, value: str) -> None:
        manager.dialog_data[key] = value.strip()
        await manager.next()

    return keep


def id_number(typed: str) -> str:
    if not said.NUMBER.fullmatch(typed.strip().upper()):
        raise ValueError
    return typed.strip().upper()


async def not_a_number(message: Message, _widget: Any, _manager: DialogManager, _error: ValueError) -> None:
    await message.answer(said.NOT_A_NUMBER)


async def confirm(query: CallbackQuery, _button: Any, manager: DialogManager) -> None:
    row = await signatures.insert(query.from_user.id, manager.dialog_data)
    await manager.done()
    await query.message.answer(said.registered(row))


async def cancel(_query: CallbackQuery, _button: Any, manager: DialogManager) -> None:
    await manager.done()


async def languages(**_: Any) -> dict[str, Any]:
    return {"languages": said.LANGUAGES}


async def petitions(**_: Any) -> dict[str, Any]:
    return {"petitions": said.PETITIONS}


async def summary(dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"summary": said.summary(dialog_manager.dialog_data)}


def choice(id: str, items: str, key: str) -> Column:
    first = operator.itemgetter(0)
    return Column(Select(Format("{item[1]}"), id=id, item_id_getter=first, items=items, on_click=kept(key)))


number = TextInput(id="number", type_factory=id_number, on_success=kept("number"), on_error=not_a_number)
buttons = Column(
    Button(Const("Confirm"), id="yes", on_click=confirm), Button(Const("Cancel"), id="no", on_click=cancel)
)
dialog = Dialog(
    Window(
        Const(said.ASK_LANGUAGE),
        choice("lang", "languages", "language"),
        state=Signing.language,
        getter=languages,
    ),
    Window(Const(said.ASK_PETITION), choice("pet", "petitions", "petition"), state=Signing.petition, getter=petitions),
    Window(Const(said.ASK_NAME), TextInput(id="name", on_success=kept("name")), state=Signing.name),
    Window(Const(said.ASK_NUMBER), number, state=Signing.number),
    Window(Format("{summary}"), buttons, state=Signing.confirm, getter=summary),
)


@router.message(CommandStart())
async def start(_message: Message, dialog_manager: DialogManager) -> None:
    await dialog_manager.start(Signing.language, mode=StartMode.RESET_STACK)


if __name__ == "__main__":
    dispatcher = Dispatcher(storage=storage(STATES))
    dispatcher.include_router(router)
    dispatcher.include_router(dialog)
    setup_dialogs(dispatcher)
    serve(dispatcher, signatures)
