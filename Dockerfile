# One image for web, worker and beat; docker-compose.yml tells them apart.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt

FROM python:3.13-slim
RUN useradd --system --create-home --uid 10001 cem
COPY --from=build /venv /venv
WORKDIR /app
COPY --chown=cem:cem . .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 CEM_VAR=/var/lib/cem
RUN mkdir -p /var/lib/cem && chown cem:cem /var/lib/cem
USER cem
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "8", "--backpressure", "64", "--respawn-failed-workers", "cem.wsgi:application"]
