import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The application's side of a run: producers and consumers of the Java client that do what they are told.
 */
public class Player extends Commands {
    private final Map<String, KafkaProducer<String, String>> producers = new ConcurrentHashMap<>();
    private final Map<String, KafkaConsumer<String, String>> consumers = new ConcurrentHashMap<>();

    public static void main(String[] args) throws Exception {
        new Player().run();
        System.exit(0);
    }

    @Override
    protected String act(String verb, String name, String[] a) throws Exception {
        switch (verb) {
            case "producer":
                producers.put(name, new KafkaProducer<>(properties(a, "serializer")));
                return "";
            case "partitions":
                return Integer.toString(producers.get(name).partitionsFor(a[0]).size());
            case "init":
                call(producers.get(name), "initTransactions");
                return "";
            case "begin":
                call(producers.get(name), "beginTransaction");
                return "";
            case "commit-transaction":
                call(producers.get(name), "commitTransaction");
                return "";
            case "abort-transaction":
                call(producers.get(name), "abortTransaction");
                return "";
            case "send":
                return send(name, a);
            case "offsets":
                return offsets(name, a);
            case "close-producer":
                Clients.closeNow(producers.remove(name));
                return "";
            case "consumer":
                return consumer(name, a);
            case "poll":
                return poll(consumers.get(name), Integer.parseInt(a[0]));
            case "commit":
                consumers.get(name).commitSync(Map.of(partition(a), new OffsetAndMetadata(Long.parseLong(a[2]))));
                return "";
            case "seek":
                consumers.get(name).seek(partition(a), Long.parseLong(a[2]));
                return "";
            case "position":
                return Long.toString(consumers.get(name).position(partition(a)));
            case "close-consumer":
                consumers.remove(name).close();
                return "";
            case "share":
                return share(name, a);
            case "share-poll":
                return sharePoll(name, Integer.parseInt(a[0]));
            case "share-commit":
                return shareCommit(name, a);
            case "share-close":
                call(shares.remove(name), "close");
                return "";
            case "close-all":
                return closeAll();
            default:
                throw new IllegalArgumentException("no verb " + verb);
        }
    }

    /** close-all: every client, each in its own thread; an error if one does not come to it. */
    private String closeAll() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (String name : List.copyOf(producers.keySet())) {
            all.add(threads.get(name).submit(() -> Clients.closeNow(producers.remove(name))));
        }
        for (String name : List.copyOf(consumers.keySet())) {
            all.add(threads.get(name).submit(() -> Clients.closeNow(consumers.remove(name))));
        }
        for (String name : List.copyOf(shares.keySet())) {
            all.add(threads.get(name).submit(() -> {
                call(shares.remove(name), "close", Duration.ZERO);
                return null;
            }));
        }
        for (Future<?> f : all) {
            f.get(2, TimeUnit.SECONDS);
        }
        threads.keySet().removeIf(name -> !name.equals("all"));
        return "";
    }

    /** send TOPIC PARTITION MESSAGE SIZE: the record's value is the message, filled up to the size. */
    private String send(String name, String[] a) {
        ProducerRecord<String, String> record =
            new ProducerRecord<>(a[0], Integer.parseInt(a[1]), null, filled(a[2], a[3]));
        producers.get(name).send(record, (metadata, e) -> sent(name, a[2], e));
        return "";
    }

    /** offsets CONSUMER GROUP METADATA TOPIC PARTITION OFFSET. */
    private String offsets(String name, String[] a) throws Exception {
        KafkaConsumer<String, String> group = Boolean.parseBoolean(a[2]) ? consumers.get(a[0]) : null;
        Clients.sendOffsets(producers.get(name), group, a[1],
            Map.of(new TopicPartition(a[3], Integer.parseInt(a[4])), new OffsetAndMetadata(Long.parseLong(a[5]))));
        return "";
    }

    /** consumer TOPIC PARTITION subscribe|assign PROPERTIES. */
    private String consumer(String name, String[] a) {
        KafkaConsumer<String, String> c = new KafkaConsumer<>(properties(Arrays.copyOfRange(a, 3, a.length), "deserializer"));
        if (a[2].equals("subscribe")) {
            c.subscribe(List.of(a[0]));
        } else {
            c.assign(List.of(partition(a)));
        }
        consumers.put(name, c);
        return "";
    }

    // KafkaShareConsumer is called by its names: releases up to 3.9 do not have it. So are transactions, which 0.10 does not have.

    private final Map<String, Object> shares = new ConcurrentHashMap<>();
    private final Map<String, Map<Long, ConsumerRecord<?, ?>>> polled = new ConcurrentHashMap<>();

    private static Object call(Object on, String method, Object... args) throws Exception {
        for (Method m : on.getClass().getMethods()) {
            if (m.getName().equals(method) && m.getParameterCount() == args.length && fits(m, args)) {
                try {
                    return m.invoke(on, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
                }
            }
        }
        throw new NoSuchMethodException(method);
    }

    private static boolean fits(Method m, Object[] args) {
        for (int i = 0; i < args.length; i++) {
            if (!m.getParameterTypes()[i].isInstance(args[i])) {
                return false;
            }
        }
        return true;
    }

    /** share TOPIC PROPERTIES. */
    private String share(String name, String[] a) throws Exception {
        Object c = Class.forName("org.apache.kafka.clients.consumer.KafkaShareConsumer").getConstructor(Properties.class)
            .newInstance(properties(Arrays.copyOfRange(a, 1, a.length), "deserializer"));
        call(c, "subscribe", List.of(a[0]));
        shares.put(name, c);
        return "";
    }

    private String sharePoll(String name, int millis) throws Exception {
        List<String> all = new ArrayList<>();
        Map<Long, ConsumerRecord<?, ?>> records = new ConcurrentHashMap<>();
        for (Object o : (Iterable<?>) call(shares.get(name), "poll", Duration.ofMillis(millis))) {
            ConsumerRecord<?, ?> r = (ConsumerRecord<?, ?>) o;
            records.put(r.offset(), r);
            all.add(polled(r.value(), r.offset(), r.partition()));
        }
        polled.put(name, records);
        return String.join(" ", all);
    }

    /** share-commit OFFSET=TYPE...: the class of the exception with which it failed. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private String shareCommit(String name, String[] a) throws Exception {
        Object c = shares.get(name);
        for (String pair : a) {
            int at = pair.indexOf('=');
            if (at > 0) {
                Class type = Class.forName("org.apache.kafka.clients.consumer.AcknowledgeType");
                call(c, "acknowledge", polled.get(name).get(Long.parseLong(pair.substring(0, at))), Enum.valueOf(type, pair.substring(at + 1)));
            }
        }
        for (Object failed : ((Map<?, ?>) call(c, "commitSync")).values()) {
            if (((Optional<?>) failed).isPresent()) {
                return ((Optional<?>) failed).get().getClass().getSimpleName();
            }
        }
        return "";
    }

    private static TopicPartition partition(String[] a) {
        return new TopicPartition(a[0], Integer.parseInt(a[1]));
    }

    private static String poll(KafkaConsumer<String, String> c, int millis) {
        List<String> all = new ArrayList<>();
        for (ConsumerRecord<String, String> r : Clients.poll(c, millis)) {
            all.add(polled(r.value(), r.offset(), r.partition()));
        }
        return c.assignment().size() + " " + String.join(" ", all);
    }

    private static Properties properties(String[] a, String coder) {
        Properties p = new Properties();
        for (String kind : new String[] {"key", "value"}) {
            String type = coder.equals("serializer") ? "StringSerializer" : "StringDeserializer";
            p.put(kind + "." + coder, "org.apache.kafka.common.serialization." + type);
        }
        return add(p, a);
    }
}
