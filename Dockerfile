# docker build -t rolefirst . && docker run --rm -v "$PWD:/src:ro" rolefirst scan
FROM python:3.13-slim AS build
COPY . /rolefirst
RUN python -m venv /opt/rolefirst && /opt/rolefirst/bin/python -m pip install --no-cache-dir --quiet /rolefirst \
    # The grammar is compiled once, here: the container's file system may be read-only.
    && (/opt/rolefirst/bin/rolefirst scan /rolefirst/examples/insecure --output /dev/null || test $? -eq 1)

FROM python:3.13-slim
# git reads the register of exceptions and the changes from a ref.
RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /src \
    && useradd --create-home --uid 10001 rolefirst
COPY --from=build /opt/rolefirst /opt/rolefirst
ENV PATH=/opt/rolefirst/bin:$PATH
USER rolefirst
WORKDIR /src
ENTRYPOINT ["rolefirst"]
