"""The databases that tests run on: emptied, one is as it was copied."""

import pytest
from databases import emptied
from sqlalchemy import inspect, text

from storage import audit
from storage.database import connect

_SEQUENCES = "SELECT count(*) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL"


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_nothing_is_left_in_a_database_that_was_emptied(city, database_url):
    await city.petition("Des arbres")
    ada = city.citizen()
    await ada.arrives()
    await ada.supports("Des arbres")
    async with city.database.writing() as db:
        audit.note_operator(db, city.home.id, "staff.add", 0, {}, city.now)  # which only grows
    await emptied(database_url)
    database = connect(database_url)
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        assert len(names) > 50
        for name in set(names) - {"alembic_version"}:
            assert await connection.scalar(text(f"SELECT count(*) FROM {name}")) == 0, name
            assert await connection.scalar(text(f"SELECT pg_relation_size('{name}')")) == 0, name
        assert await connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
        assert await connection.scalar(text(_SEQUENCES)) == 0
    await database.close()
