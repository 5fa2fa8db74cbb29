# A scoring service as a container: models from a folder, rows in, predictions out.
#
#   docker build -f docs/deploy/scoring.Dockerfile -t h2o-scoring .
#   umask 077; openssl rand -hex 32 > token; sudo chown 10001 token       # what clients have to show
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -p 127.0.0.1:54321:54321 \
#     -v "$PWD/models:/models:ro" -v "$PWD/token:/run/token:ro" h2o-scoring --model /models/churn.model
#   curl -H "Authorization: Bearer $(sudo cat token)" -H "Content-Type: application/json" -d '[{"x": 1}]' \
#     http://127.0.0.1:54321/score/churn
#
# Names other than addresses under which it is asked, as that of a service of Kubernetes, are told with --allow-host NAME.

FROM python:3.12-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin scoring
COPY --from=build /wheels /wheels
# What scoring takes of the dependencies. With pyarrow, 120 MB more, rows may also come as Arrow and times as texts.
RUN pip install --no-cache-dir "numpy>=2.0" "safetensors>=0.5" "threadpoolctl>=3.5" "starlette>=0.49.1" "uvicorn>=0.30" \
    && pip install --no-cache-dir --no-deps /wheels/*.whl \
    && rm -rf /wheels
USER 10001:10001
WORKDIR /models
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
EXPOSE 54321
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:54321/health', timeout=2)"]
# Whoever publishes the port puts TLS before it, or gives --tls-cert and --tls-key in place of --insecure-http.
ENTRYPOINT ["h2o", "serve", "--address", "0.0.0.0", "--port", "54321", "--insecure-http", "--token-file", "/run/token"]
CMD ["--model", "/models/model"]
