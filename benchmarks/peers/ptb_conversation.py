"""python-telegram-bot's ConversationHandler: `python -m benchmarks.peers.ptb_conversation pickle sqlite|postgresql`."""

import sys
from typing import Any

import uvloop
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from benchmarks.peers import surroundings as said

SIGNATURES = sys.argv[2]
LANGUAGE, PETITION, NAME, NUMBER, CONFIRM = range(5)
signatures = said.signatures(SIGNATURES)


def keyboard(rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=value)] for value, label in rows])


async def start(update: Update, _context: Any) -> int:
    languages = [(f"lang:{code}", name) for code, name in said.LANGUAGES]
    await update.message.reply_text(said.ASK_LANGUAGE, reply_markup=keyboard(languages))
    return LANGUAGE


async def language(update: Update, context: Any) -> int:
    query = update.callback_query
    context.user_data["language"] = query.data.split(":")[1]
    petitions = [(f"pet:{id}", title) for id, title in said.PETITIONS]
    await query.message.reply_text(said.ASK_PETITION, reply_markup=keyboard(petitions))
    await query.answer()
    return PETITION


async def petition(update: Update, context: Any) -> int:
    query = update.callback_query
    context.user_data["petition"] = query.data.split(":")[1]
    await query.message.reply_text(said.ASK_NAME)
    await query.answer()
    return NAME


async def name(update: Update, context: Any) -> int:
    context.user_data["name"] = update.message.text.strip()
    await update.message.reply_text(said.ASK_NUMBER)
    return NUMBER


async def number(update: Update, context: Any) -> int:
    typed = update.message.text.strip().upper()
    if not said.NUMBER.fullmatch(typed):
        await update.message.reply_text(said.NOT_A_NUMBER)
        return NUMBER
    context.user_data["number"] = typed
    buttons = keyboard([("yes", "Confirm"), ("no", "Cancel")])
    await update.message.reply_text(said.summary(context.user_data), reply_markup=buttons)
    return CONFIRM


async def confirm(update: Update, context: Any) -> int:
    query = update.callback_query
    row = await signatures.insert(update.effective_user.id, context.user_data)
    await query.message.reply_text(said.registered(row))
    await query.answer()
    context.user_data.clear()
    return ConversationHandler.END


async def open_signatures(_application: Application) -> None:
    await signatures.open()


def main() -> None:
    """Serve for ever, through the library's own web server."""
    uvloop.install()
    persistence = PicklePersistence(said.FOLDER / "conversations.pickle")
    builder = ApplicationBuilder().token(said.TOKEN).base_url(f"{said.API}/bot")
    application = builder.persistence(persistence).post_init(open_signatures).build()
    words = filters.TEXT & ~filters.COMMAND
    states = {
        LANGUAGE: [CallbackQueryHandler(language, pattern="^lang:")],
        PETITION: [CallbackQueryHandler(petition, pattern="^pet:")],
        NAME: [MessageHandler(words, name)],
        NUMBER: [MessageHandler(words, number)],
        CONFIRM: [CallbackQueryHandler(confirm, pattern="^yes$")],
    }
    entry = CommandHandler("start", start)
    application.add_handler(
        ConversationHandler([entry], states, [entry], name="signing", persistent=True, allow_reentry=True)
    )
    application.run_webhook(
        listen="127.0.0.1",
        port=said.PORT,
        url_path="webhook",
        secret_token=said.SECRET,
        webhook_url="https://participation.example/webhook",
    )


if __name__ == "__main__":
    main()
