# The shortest Dockerfile for a Nix app: build in the image that runs it.
ARG BASE
FROM ${BASE}
ARG ATTRIBUTE NIX_ARGS
WORKDIR /app
COPY . .
RUN nix --extra-experimental-features 'nix-command flakes' --option filter-syscalls false \
      build ${NIX_ARGS} "path:/app#${ATTRIBUTE}"
# CMD would follow: it differs by project and weighs nothing.
