"""aiogram's finite state machine: `python -m benchmarks.peers.aiogram_fsm memory|redis sqlite|postgresql`."""

import sys

from aiogram import Dispatcher, F, Router
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from benchmarks.peers import surroundings as said
from benchmarks.peers.aiogram_web import serve, storage

STATES, SIGNATURES = sys.argv[1:3]
router = Router()
signatures = said.signatures(SIGNATURES)


class Signing(StatesGroup):
    language, petition, name, number, confirm = State(), State(), State(), State(), State()


def keyboard(rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    buttons = [[InlineKeyboardButton(text=label, callback_data=value)] for value, label in rows]
    return InlineKeyboardMarkup(inline_keyboard=buttons)


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    await state.clear()
    await state.set_state(Signing.language)
    languages = [(f"lang:{code}", name) for code, name in said.LANGUAGES]
    await message.answer(said.ASK_LANGUAGE, reply_markup=keyboard(languages))


@router.callback_query(Signing.language, F.data.startswith("lang:"))
async def language(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(language=query.data.split(":")[1])
    await state.set_state(Signing.petition)
    petitions = [(f"pet:{id}", title) for id, title in said.PETITIONS]
    await query.message.answer(said.ASK_PETITION, reply_markup=keyboard(petitions))
    await query.answer()


@router.callback_query(Signing.petition, F.data.startswith("pet:"))
async def petition(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(petition=query.data.split(":")[1])
    await state.set_state(Signing.name)
    await query.message.answer(said.ASK_NAME)
    await query.answer()


@router.message(Signing.name, F.text)
async def name(message: Message, state: FSMContext) -> None:
    await state.update_data(name=message.text.strip())
    await state.set_state(Signing.number)
    await message.answer(said.ASK_NUMBER)


@router.message(Signing.number, F.text)
async def number(message: Message, state: FSMContext) -> None:
    typed = message.text.strip().upper()
    if not said.NUMBER.fullmatch(typed):
        await message.answer(said.NOT_A_NUMBER)
        return
    signature = await state.update_data(number=typed)
    await state.set_state(Signing.confirm)
    buttons = keyboard([("yes", "Confirm"), ("no", "Cancel")])
    await message.answer(said.summary(signature), reply_markup=buttons)


@router.callback_query(Signing.confirm, F.data == "yes")
async def confirm(query: CallbackQuery, state: FSMContext) -> None:
    row = await signatures.insert(query.from_user.id, await state.get_data())
    await state.clear()
    await query.message.answer(said.registered(row))
    await query.answer()


if __name__ == "__main__":
    dispatcher = Dispatcher(storage=storage(STATES))
    dispatcher.include_router(router)
    serve(dispatcher, signatures)
