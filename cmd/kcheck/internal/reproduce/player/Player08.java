import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import kafka.consumer.Consumer;
import kafka.consumer.ConsumerConfig;
import kafka.consumer.ConsumerIterator;
import kafka.consumer.ConsumerTimeoutException;
import kafka.consumer.PartitionTopicInfo;
import kafka.consumer.ZookeeperConsumerConnector;
import kafka.javaapi.consumer.ConsumerConnector;
import kafka.javaapi.producer.Producer;
import kafka.message.MessageAndMetadata;
import kafka.producer.BrokerPartitionInfo;
import kafka.producer.DefaultPartitioner;
import kafka.producer.KeyedMessage;
import kafka.producer.ProducerConfig;
import kafka.producer.ProducerPool;
import kafka.producer.async.DefaultEventHandler;
import kafka.serializer.StringDecoder;
import kafka.serializer.StringEncoder;
import kafka.utils.Pool;
import kafka.utils.VerifiableProperties;

/**
 * The application's side of a run with Kafka 0.8: its Scala producer and its high-level consumer, which do what they are told.
 * That a send failed, or got its answer, comes as an event.
 */
public class Player extends Commands {
    private final Map<String, Producer<String, String>> producers = new ConcurrentHashMap<>();
    private final Map<String, DefaultEventHandler<String, String>> handlers = new ConcurrentHashMap<>();
    private final Map<String, Boolean> queues = new ConcurrentHashMap<>();
    private final Map<String, Member> consumers = new ConcurrentHashMap<>();

    /** A high-level consumer with one stream. */
    private static class Member {
        private ConsumerConnector connector;
        private ConsumerIterator<String, String> records;
    }

    public static void main(String[] args) throws Exception {
        new Player().run();
        System.exit(0);
    }

    @Override
    protected String act(String verb, String name, String[] a) throws Exception {
        switch (verb) {
            case "producer":
                return producer(name, a);
            case "partitions":
                return partitions(name, a[0]);
            case "send":
                return send(name, a);
            case "close-producer":
                producers.remove(name).close();
                return "";
            case "consumer":
                return consumer(name, a);
            case "poll":
                return poll(consumers.get(name));
            case "commit":
                consumers.get(name).connector.commitOffsets();
                return "";
            case "position":
                return Long.toString(position(consumers.get(name), a));
            case "close-consumer":
                consumers.remove(name).connector.shutdown();
                return "";
            case "close-all":
                // these clients cannot be closed at once: the process ends instead
                System.exit(0);
                return "";
            default:
                throw new IllegalArgumentException("no verb " + verb);
        }
    }

    private String producer(String name, String[] a) {
        Properties p = add(new Properties(), a);
        p.put("metadata.broker.list", p.remove("bootstrap.servers"));
        p.put("serializer.class", "kafka.serializer.StringEncoder");
        queues.put(name, "async".equals(p.get("producer.type")));
        ProducerConfig config = new ProducerConfig(p);
        VerifiableProperties none = new VerifiableProperties();
        DefaultEventHandler<String, String> handler = new DefaultEventHandler<>(config, new DefaultPartitioner(none),
            new StringEncoder(none), new StringEncoder(none), new ProducerPool(config), new scala.collection.mutable.HashMap<>());
        handlers.put(name, handler);
        producers.put(name, new Producer<>(new kafka.producer.Producer<>(config, handler)));
        return "";
    }

    /** partitions: has the producer learn of a topic, as its first send to it would. */
    private String partitions(String name, String topic) {
        BrokerPartitionInfo known = handlers.get(name).brokerPartitionInfo();
        known.updateInfo(scala.collection.JavaConversions.asScalaSet(Collections.singleton(topic)).<String>toSet(), 0);
        return "1";
    }

    /** send TOPIC PARTITION MESSAGE SIZE: the record's value is the message, filled up to the size. */
    private String send(String name, String[] a) {
        try {
            producers.get(name).send(new KeyedMessage<>(a[0], filled(a[2], a[3])));
            if (!queues.get(name)) {
                sent(name, a[2], null);
            }
        } catch (RuntimeException e) {
            sent(name, a[2], e);
        }
        return "";
    }

    /** consumer TOPIC PARTITION subscribe PROPERTIES. */
    private String consumer(String name, String[] a) {
        Member m = new Member();
        m.connector = Consumer.createJavaConsumerConnector(new ConsumerConfig(add(new Properties(), Arrays.copyOfRange(a, 3, a.length))));
        Map<String, Integer> streams = new HashMap<>();
        streams.put(a[0], 1);
        StringDecoder text = new StringDecoder(new VerifiableProperties());
        m.records = m.connector.createMessageStreams(streams, text, text).get(a[0]).get(0).iterator();
        consumers.put(name, m);
        return "";
    }

    /** poll: the next record, if one comes within consumer.timeout.ms. The stream exists once the group is balanced. */
    private static String poll(Member m) {
        try {
            if (m.records.hasNext()) {
                MessageAndMetadata<String, String> r = m.records.next();
                return "1 " + polled(r.message(), r.offset(), r.partition());
            }
        } catch (ConsumerTimeoutException e) {
            return "1 ";
        }
        return "1 ";
    }

    /** position TOPIC PARTITION: the offset that the iterator hands out next; -1 before there is one. */
    private static long position(Member m, String[] a) throws Exception {
        Field inner = m.connector.getClass().getDeclaredField("underlying");
        inner.setAccessible(true);
        Pool<Object, PartitionTopicInfo> partitions = ((ZookeeperConsumerConnector) inner.get(m.connector)).getTopicRegistry().get(a[0]);
        PartitionTopicInfo info = partitions == null ? null : partitions.get(Integer.parseInt(a[1]));
        return info == null ? -1 : info.getConsumeOffset();
    }
}
