# Builds the program, then leaves the compiler behind.
#
#   docker build -t credit-seed .
#   docker run --rm -v "$PWD:/data" --user "$(id -u)" credit-seed          a SQLite file in this folder
#   docker run --rm -e DATABASE_URL=postgres://user:secret@host/bank credit-seed

FROM rust:1-slim-bookworm AS builder
# What librdkafka and the OpenSSL built into it want.
RUN apt-get update \
    && apt-get install -y --no-install-recommends g++ make perl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --locked --profile dist --features kafka --bin credit-seed

FROM debian:bookworm-slim
# The certificates that a Kafka over TLS is checked with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home credit-seed \
    && install -d -o credit-seed /data
COPY --from=builder /src/target/dist/credit-seed /usr/local/bin/credit-seed
COPY LICENSE-MIT LICENSE-APACHE data/README.md /usr/share/doc/credit-seed/
COPY configs /usr/share/credit-seed/configs
USER credit-seed
# Where relative paths, the default SQLite file among them, end up.
WORKDIR /data
ENTRYPOINT ["credit-seed"]
