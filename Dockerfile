# knockgate in a container: the gate of the machine that it runs on, not of a network of its own.
#
#   docker build -t knockgate .
#   docker run -d --name knockgate --network host --cap-add NET_ADMIN --restart unless-stopped \
#     -v /etc/knockgate:/etc/knockgate:ro -v knockgate:/var/lib/knockgate knockgate
#   docker exec knockgate knockgate status
#   docker run --rm --network host --cap-add NET_ADMIN \
#     -v /etc/knockgate:/etc/knockgate:ro knockgate rules --apply
#
# It runs as user 4900, who must be able to read the policy: chgrp 4900, chmod 640. Nothing but
# /var/lib/knockgate and /run/knockgate is written, and no other capability is used: --cap-drop ALL and
# --read-only --tmpfs /run/knockgate:uid=4900,gid=4900,mode=0750 work, too.
#
# gate/bin/try-image builds and tries it where there is no Docker and no registry.

ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${BASE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends maven openjdk-17-jdk-headless
WORKDIR /build
COPY pom.xml .
COPY rules/pom.xml rules/
COPY native-bindings/pom.xml native-bindings/
COPY gate/pom.xml gate/
COPY bench/pom.xml bench/
COPY rules/src/main rules/src/main
COPY native-bindings/src/main native-bindings/src/main
COPY gate/src/main gate/src/main
COPY gate/bin gate/bin
RUN mvn -B -q -ntp -Dmaven.test.skip -Dclass-data.skip package -pl gate -am
# Only what of Java is used: the modules that the classes name; not the desktop, which only a part of
# the HOCON library names that is not used; and the curves, which are named at run time only. And the
# native part of jnr-ffi unpacked, so that nothing has to be at run time.
RUN modules=$(jdeps --multi-release 17 --ignore-missing-deps --print-module-deps \
      gate/target/knockgate.jar | sed 's/java\.desktop,//') && \
    jlink --output /java --no-header-files --no-man-pages --strip-java-debug-attributes \
      --compress 2 --add-modules "jdk.crypto.ec,$modules" && \
    jar xf gate/target/knockgate.jar "jni/$(uname -m)-Linux" && \
    mkdir -p /knockgate/native && mv "jni/$(uname -m)-Linux"/*.so /knockgate/native/ && \
    cp gate/target/knockgate.jar gate/bin/class-data gate/src/main/docker/entry /knockgate/

FROM ${BASE}
RUN apt-get update && \
    apt-get install -y --no-install-recommends iptables libnetfilter-queue1 libcap2-bin && \
    groupadd --gid 4900 knockgate && \
    useradd --uid 4900 --gid 4900 --home-dir /var/lib/knockgate --no-create-home \
      --shell /usr/sbin/nologin knockgate && \
    install -d -o knockgate -g knockgate -m 750 /var/lib/knockgate /run/knockgate && \
    install -d /var/cache/knockgate && \
    install -D /usr/bin/setpriv /usr/lib/knockgate/capable && \
    setcap cap_net_admin+p /usr/lib/knockgate/capable && \
    apt-get purge -y --auto-remove libcap2-bin && \
    rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/debconf
COPY --from=build /java /usr/lib/knockgate/java
COPY --from=build /knockgate /usr/share/knockgate
COPY gate/bin/knockgate /usr/bin/knockgate
COPY gate/src/main/deb/knockgate.conf /etc/knockgate/
ENV JAVA_HOME=/usr/lib/knockgate/java \
    KNOCKGATE_JAVA_OPTIONS=-Djffi.boot.library.path=/usr/share/knockgate/native
RUN chgrp -R knockgate /etc/knockgate && chmod 750 /etc/knockgate && \
    chmod 640 /etc/knockgate/knockgate.conf && /usr/share/knockgate/class-data
USER knockgate
VOLUME /var/lib/knockgate
HEALTHCHECK --interval=60s --timeout=10s --start-period=20s CMD ["knockgate", "status"]
ENTRYPOINT ["/usr/share/knockgate/entry"]
CMD ["run"]
