// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.ClientCalls;
import io.jrunc.it.harness.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A client of Kubernetes' Container Runtime Interface, which makes the calls of the kubelet: gRPC
 * over a Unix socket. Requests and answers are JSON with the names of {@code cri.proto}.
 */
final class CriClient implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final FileDescriptor MESSAGES = ProtoFile.parse(text("/cri/cri.proto"));

    private final EventLoopGroup threads =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ManagedChannel channel;

    CriClient(Path socket) {
        channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .eventLoopGroup(threads)
                        .channelType(EpollDomainSocketChannel.class)
                        .overrideAuthority("localhost") // a path is refused by Go's server
                        .usePlaintext()
                        .build();
    }

    /** Makes a call, for example {@code RunPodSandbox}; returns its answer. */
    JsonNode call(String method, Object request) {
        return call(method, request, PATIENCE_SECONDS);
    }

    JsonNode call(String method, Object request, long patienceSeconds) {
        String service = method.equals("ImageStatus") ? "ImageService" : "RuntimeService";
        MethodDescriptor<DynamicMessage, DynamicMessage> described =
                MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                        .setType(MethodType.UNARY)
                        .setFullMethodName("runtime.v1." + service + "/" + method)
                        .setRequestMarshaller(new Messages(message(method + "Request")))
                        .setResponseMarshaller(new Messages(message(method + "Response")))
                        .build();
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(patienceSeconds, TimeUnit.SECONDS);
        try {
            var message = DynamicMessage.newBuilder(message(method + "Request"));
            JsonFormat.parser().merge(Json.of(request).toString(), message);
            DynamicMessage answer =
                    ClientCalls.blockingUnaryCall(channel, described, options, message.build());
            return Json.parse(
                    JsonFormat.printer()
                            .preservingProtoFieldNames()
                            .alwaysPrintFieldsWithNoPresence()
                            .print(answer));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(method + " " + request, e);
        }
    }

    private static Descriptor message(String name) {
        Descriptor found = MESSAGES.findMessageTypeByName(name);
        if (found == null) {
            throw new IllegalArgumentException("cri.proto has no " + name);
        }
        return found;
    }

    private static String text(String resource) {
        try (InputStream in = CriClient.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1000);
    }

    /** Encodes and decodes messages of one kind. */
    private record Messages(Descriptor kind)
            implements MethodDescriptor.Marshaller<DynamicMessage> {
        @Override
        public InputStream stream(DynamicMessage message) {
            return new ByteArrayInputStream(message.toByteArray());
        }

        @Override
        public DynamicMessage parse(InputStream encoded) {
            try {
                return DynamicMessage.parseFrom(kind, encoded);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
