# The command line in a container: docker build -t finite-ntk . && docker run --rm -v "$PWD:/data" finite-ntk figure 1
FROM debian:12.11-slim AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# Of a pinned release only security fixes change.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends cmake g++ maven openjdk-17-jdk-headless \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN scripts/install --prefix /opt/finite-ntk

FROM debian:12.11-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core openjdk-17-jre-headless \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 ntk
COPY --from=build /opt/finite-ntk /opt/finite-ntk
ENV PATH=/opt/finite-ntk/bin:$PATH
USER ntk
WORKDIR /data
ENTRYPOINT ["ntk"]
CMD ["--help"]
