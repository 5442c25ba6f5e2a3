import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.MockClient;
import org.apache.kafka.clients.producer.internals.BufferPool;
import org.apache.kafka.clients.producer.internals.ProducerMetadata;
import org.apache.kafka.clients.producer.internals.RecordAccumulator;
import org.apache.kafka.clients.producer.internals.Sender;
import org.apache.kafka.clients.producer.internals.SenderMetricsRegistry;
import org.apache.kafka.clients.producer.internals.TransactionManager;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.internals.ClusterResourceListeners;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestTestUtils;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.MockTime;

/**
 * What a producer sends, and what becomes of it: Sender, RecordAccumulator and TransactionManager on a MockClient. "new
 * Producer IDEMPOTENT RETRIES ORDERED" has the settings; RETRIES is -1 for no bound, ORDERED is
 * max.in.flight.requests.per.connection=1. The commands: "send M"; "leader B EPOCH" is metadata, of a partition without a
 * leader where B is -1; "transmit" lets the producer put one batch on the wire: "M BROKER EPOCH.SEQUENCE", or "none";
 * "answer M ERROR" and "disconnect B" end requests, "expire M" is its delivery.timeout.ms, which has run out unnoticed after
 * "late M". Their answer is what became of the messages: "acked=1 failed=2".
 */
public final class Producer implements Conform.Driver {
    private static final int DELIVERY_TIMEOUT = 120_000;
    private static final int BACKOFF = 50;
    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);
    private static final Uuid TOPIC = Uuid.fromString("MKXx1fIkQy2J9jXHhK8m1w");

    private final MockTime time = new MockTime();
    private final Metrics metrics = new Metrics(time);
    private final ProducerMetadata metadata;
    private final MockClient client;
    private final RecordAccumulator accumulator;
    private final Sender sender;
    private final TransactionManager transactions;
    private final Map<Integer, Future<?>> sent = new LinkedHashMap<>();
    private final Map<Integer, Long> deadline = new HashMap<>();
    private final Map<Integer, ClientRequest> requests = new HashMap<>(); // the last one with each message
    private final List<Integer> reported = new ArrayList<>();
    private int metadataEpoch;
    private boolean expired;

    Producer(String[] words) throws Exception {
        boolean idempotent = Boolean.parseBoolean(words[2]);
        int retries = Integer.parseInt(words[3]);
        boolean ordered = Boolean.parseBoolean(words[4]);
        LogContext context = new LogContext();
        ApiVersions versions = new ApiVersions();
        metadata = (ProducerMetadata) Conform.make(ProducerMetadata.class, 0L, 0L, Long.MAX_VALUE, 60_000L, context, new ClusterResourceListeners(), time);
        client = new MockClient(time, metadata);
        transactions = idempotent ? (TransactionManager) Conform.make(TransactionManager.class, context, null, 0, (long) BACKOFF,
            versions, new Conform.Optional(false)) : null;
        // A batch of one byte has room for no second record.
        accumulator = (RecordAccumulator) Conform.make(RecordAccumulator.class, context, 1, Compression.NONE, 0, (long) BACKOFF, (long) BACKOFF,
            DELIVERY_TIMEOUT, metrics, "group", time, new Conform.Optional(versions), transactions, new BufferPool(1 << 20, 1, metrics, time, "group"));
        sender = (Sender) Conform.make(Sender.class, context, client, metadata, accumulator, ordered, 1 << 20, (short) -1,
            retries < 0 ? Integer.MAX_VALUE : retries, new SenderMetricsRegistry(metrics), time, Integer.MAX_VALUE, (long) BACKOFF, transactions,
            new Conform.Optional(versions));
        metadata.add(PARTITION.topic(), time.milliseconds());
        lead(0, 0);
        if (idempotent) {
            client.prepareResponse(new InitProducerIdResponse(new InitProducerIdResponseData().setProducerId(7).setProducerEpoch((short) 0)));
            for (int i = 0; i < 10 && !transactions.hasProducerId(); i++) {
                run();
            }
        }
    }

    @Override
    public void close() {
        metrics.close();
    }

    @Override
    public String step(String[] words) throws Exception {
        int n = words.length > 1 ? Integer.parseInt(words[1]) : -1;
        switch (words[0]) {
            case "send":
                return send(n);
            case "leader":
                lead(n, Integer.parseInt(words[2]));
                return "leader";
            case "transmit":
                return transmit();
            case "answer":
                client.respondToRequest(requests.get(n), response(Errors.valueOf(words[2])));
                break;
            case "late":
                expired = true;
                time.sleep(Math.max(0, deadline.get(n) - time.milliseconds()));
                return "late";
            case "disconnect":
                client.disconnect(Integer.toString(n));
                break;
            default:
                expire(n);
        }
        client.poll(0, time.milliseconds());
        if (transactions != null) { // as runOnce begins, before the next answer comes
            Conform.call(transactions, "maybeResolveSequences");
            Conform.call(transactions, "bumpIdempotentEpochAndResetIdIfNeeded");
        }
        return outcomes();
    }

    private String send(int message) throws Exception {
        time.sleep(expired ? 3_000 : 20_000); // so that messages do not expire together, nor others when this one is sent
        deadline.put(message, time.milliseconds() + DELIVERY_TIMEOUT);
        Object result = Conform.call(accumulator, "append", PARTITION.topic(), 0, time.milliseconds(), null, value(message), new Header[0],
            null, 0L, new Conform.Optional(false), time.milliseconds(), metadata.fetch());
        sent.put(message, (Future<?>) Conform.get(result, "future"));
        return "sent";
    }

    /** Larger than what the estimate of a record's size may have to spare. */
    private static byte[] value(int message) {
        byte[] value = new byte[100];
        value[0] = (byte) message;
        return value;
    }

    private void lead(int broker, int epoch) {
        List<Node> nodes = List.of(new Node(0, "host", 1), new Node(1, "host", 2), new Node(2, "host", 3));
        metadataEpoch = Math.max(metadataEpoch, epoch);
        MetadataResponse.PartitionMetadata partition = new MetadataResponse.PartitionMetadata(broker < 0 ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE,
            PARTITION, broker < 0 ? Optional.empty() : Optional.of(broker), Optional.of(metadataEpoch), List.of(0, 1, 2), List.of(0, 1, 2), List.of());
        client.updateMetadata(RequestTestUtils.metadataResponse(nodes, "cluster", 0,
            List.of(new MetadataResponse.TopicMetadata(Errors.NONE, PARTITION.topic(), TOPIC, false, List.of(partition), 0))));
    }

    private void run() throws Exception {
        Conform.call(sender, "runOnce");
    }

    private String transmit() throws Exception {
        for (int i = 0; i < 2; i++) {
            run();
            for (ClientRequest request : client.requests()) {
                if (request.apiKey() == ApiKeys.PRODUCE && !reported.contains(request.correlationId())) {
                    reported.add(request.correlationId());
                    return describe(request);
                }
            }
            time.sleep(BACKOFF + 10);
        }
        return "none";
    }

    private String describe(ClientRequest request) throws Exception {
        ProduceRequest produce = (ProduceRequest) request.requestBuilder().build();
        Object records = produce.data().topicData().iterator().next().partitionData().get(0).records();
        Object batch = ((Iterable<?>) Conform.call(records, "batches")).iterator().next();
        ByteBuffer value = (ByteBuffer) Conform.call(((Iterable<?>) batch).iterator().next(), "value");
        int message = value.get(value.position());
        requests.put(message, request);
        return message + " " + request.destination() + " " + Conform.call(batch, "producerEpoch") + "." + Conform.call(batch, "baseSequence");
    }

    private static ProduceResponse response(Errors error) {
        ProduceResponseData.PartitionProduceResponse partition = new ProduceResponseData.PartitionProduceResponse().setIndex(0)
            .setErrorCode(error.code()).setBaseOffset(error == Errors.NONE ? 0 : -1);
        ProduceResponseData.TopicProduceResponse topic = new ProduceResponseData.TopicProduceResponse().setName(PARTITION.topic())
            .setPartitionResponses(List.of(partition));
        ProduceResponseData data = new ProduceResponseData();
        data.responses().add(topic);
        return new ProduceResponse(data);
    }

    /** Nothing is drained meanwhile, since there is no leader. */
    private void expire(int message) throws Exception {
        expired = true;
        lead(-1, 0);
        time.sleep(Math.max(0, deadline.get(message) - time.milliseconds()));
        run();
    }

    private String outcomes() throws Exception {
        StringBuilder acked = new StringBuilder();
        StringBuilder failed = new StringBuilder();
        for (Map.Entry<Integer, Future<?>> e : sent.entrySet()) {
            if (e.getValue().isDone()) {
                StringBuilder list = acked;
                try {
                    e.getValue().get();
                } catch (ExecutionException x) {
                    list = failed;
                }
                list.append(list.length() > 0 ? "," : "").append(e.getKey());
            }
        }
        return "acked=" + acked + " failed=" + failed;
    }
}
