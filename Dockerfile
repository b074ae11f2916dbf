# expgraph in a container: docker build -t evals . (docs/editors-and-containers.md). Two stages: what is needed to build stays behind.
# The major version is pinned, its patches are not: a build takes the newest. --build-arg NODE_IMAGE=... for a mirror or a digest.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
# Packages first: they change less often than the source. No script of a dependency is run.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# What users install: the packed package, with its production dependencies alone, in the versions of the lock file.
RUN node scripts/build.ts \
 && npm pack --ignore-scripts --pack-destination /tmp \
 && mkdir /opt/expgraph \
 && tar -xzf /tmp/expgraph-*.tgz -C /opt/expgraph --strip-components=1 \
 && cp package-lock.json /opt/expgraph/
# Not by --prefix: npm would look there for its global settings as well, and a base with a mirror or a CA of its own lost them.
WORKDIR /opt/expgraph
RUN npm ci --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund \
 && rm -rf docs examples

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
COPY --from=build /opt/expgraph /opt/expgraph
# The store belongs to who runs: a new volume is filled from this folder, with its owner.
RUN ln -s /opt/expgraph/bin/expgraph.js /usr/local/bin/expgraph \
 && mkdir -p /experiment/artifacts \
 && chown -R node:node /experiment
USER node
WORKDIR /experiment
VOLUME ["/experiment/artifacts"]
HEALTHCHECK --interval=5m --timeout=30s --start-period=15s --retries=3 CMD ["expgraph", "doctor", "--quiet"]
ENTRYPOINT ["expgraph"]
CMD ["--help"]
