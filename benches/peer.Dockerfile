# What most public Dockerfiles for Nix apps do: build, copy the closure aside, copy it into an empty image.
ARG BASE
FROM ${BASE} AS build
ARG ATTRIBUTE NIX_ARGS
COPY . /tmp/build
WORKDIR /tmp/build
RUN nix --extra-experimental-features 'nix-command flakes' --option filter-syscalls false \
      build ${NIX_ARGS} "path:/tmp/build#${ATTRIBUTE}"
RUN mkdir /tmp/closure
RUN cp -R $(nix-store -qR result/) /tmp/closure

FROM scratch
WORKDIR /app
COPY --from=build /tmp/closure /nix/store
COPY --from=build /tmp/build/result /app
# CMD would follow: it differs by project and weighs nothing.
