# expgraph in a container: docker build -t evals . (docs/editors-and-containers.md). Two stages: what is needed to build stays behind.
# The major version is pinned, its patches are not: a build takes the newest. --build-arg NODE_IMAGE=... for a mirror or a digest.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
# Packages first: they change less often than the source. No script of a dependency is run.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# What users install: the packed package, with its production dependencies alone.
RUN node scripts/build.ts \
 && npm pack --ignore-scripts --pack-destination /tmp \
 && npm install --prefix /opt/expgraph --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund /tmp/expgraph-*.tgz \
 && rm -rf /opt/expgraph/node_modules/expgraph/docs /opt/expgraph/node_modules/expgraph/examples

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
COPY --from=build /opt/expgraph /opt/expgraph
# The store belongs to who runs: a new volume is filled from this folder, with its owner.
RUN ln -s /opt/expgraph/node_modules/expgraph/bin/expgraph.js /usr/local/bin/expgraph \
 && mkdir -p /experiment/artifacts \
 && chown -R node:node /experiment
USER node
WORKDIR /experiment
VOLUME ["/experiment/artifacts"]
HEALTHCHECK --interval=5m --timeout=30s --start-period=15s --retries=3 CMD ["expgraph", "doctor", "--quiet"]
ENTRYPOINT ["expgraph"]
CMD ["--help"]
