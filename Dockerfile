# Sawt in a small image: dependencies first, so that a change of code rebuilds little.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/sawt
COPY requirements.txt ./
RUN /opt/sawt/bin/pip install --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY flows flows
COPY locales locales
COPY reports reports
COPY storage storage
RUN /opt/sawt/bin/pip install --no-deps --no-build-isolation .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Sawt" \
      org.opencontainers.image.licenses="AGPL-3.0-or-later"
ENV PATH=/opt/sawt/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    SAWT_HOST=0.0.0.0
RUN useradd --create-home --uid 10001 sawt
COPY --from=build /opt/sawt /opt/sawt
COPY demo /home/sawt/demo
USER 10001
WORKDIR /home/sawt
EXPOSE 8080
# Ready means: the database is reached, and of this version.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('SAWT_PORT', '8080')}/readyz\", timeout=4)"]
CMD ["sawt", "serve"]
