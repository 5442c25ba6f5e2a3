import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.ReplicaManager;
import org.apache.kafka.common.DirectoryId;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.FeatureLevelRecord;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.util.MockScheduler;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.mockito.Mockito;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One broker with its replica: ReplicaManager, to which the decisions of the controller come as TopicsDelta, with the produce
 * requests that wait there (DelayedProduce). As Leader, but "learn DECISIONS" has the decisions that come in one delta, each
 * "EPOCH:LEADER:ISR", and "append M ACKS" a produce request with message M. Every answer ends with what producers were told.
 */
public final class Broker extends Leader {
    private final ReplicaManager manager;
    private final TopicPartition topic = new TopicPartition("test-topic", 0);
    private final Uuid id = Uuid.randomUuid();
    private final Map<Integer, String> told = new TreeMap<>();
    private MetadataImage image = MetadataImage.EMPTY;

    Broker(String[] words) throws Exception {
        super(words);
        manager = manager();
    }

    @Override
    public void close() throws Exception {
        Conform.call(manager, "shutdown", false);
        super.close();
    }

    @Override
    public String step(String[] words) throws Exception {
        String answer;
        switch (words[0]) {
            case "learn":
                learn(words[1].split(";"));
                answer = leads ? "learnt " + state() : "learnt";
                break;
            case "append":
                append(Integer.parseInt(words[1]), Short.parseShort(words[2]));
                answer = "append " + state();
                break;
            default:
                answer = super.step(words);
        }
        Conform.call(manager, "tryCompleteActions");
        return answer + " told=" + told;
    }

    private void learn(String[] decisions) throws Exception {
        MetadataDelta delta = new MetadataDelta.Builder().setImage(image).build();
        if (image.topics().getTopic(id) == null) {
            delta.replay(new FeatureLevelRecord().setName(MetadataVersion.FEATURE_NAME).setFeatureLevel(MetadataVersion.latestProduction().featureLevel()));
            delta.replay(new TopicRecord().setName(topic.topic()).setTopicId(id));
        }
        List<Integer> all = new ArrayList<>();
        List<Uuid> directories = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            all.add(FIRST + i);
            directories.add(DirectoryId.UNASSIGNED);
        }
        for (String decision : decisions) {
            String[] parts = decision.split(":");
            epoch = Integer.parseInt(parts[0]);
            leads = parts[1].equals("0");
            List<Integer> isr = new ArrayList<>();
            for (int member : members(parts[2])) {
                isr.add(member);
            }
            delta.replay(new PartitionRecord().setTopicId(id).setPartitionId(0).setReplicas(all).setDirectories(directories).setIsr(isr)
                .setLeader(FIRST + Integer.parseInt(parts[1])).setLeaderEpoch(epoch).setPartitionEpoch(++partitionEpoch));
        }
        image = delta.apply(MetadataProvenance.EMPTY);
        manager.applyDelta(delta.topicsDelta(), image);
        partition = manager.getPartitionOrException(topic);
    }

    /** Appends a produce request; what a release passes besides is found by type. */
    private void append(int message, short acks) throws Exception {
        for (Method m : ReplicaManager.class.getMethods()) {
            if (!m.getName().equals("appendRecords")) {
                continue;
            }
            boolean byId = m.toGenericString().contains("scala.collection.immutable.Map<org.apache.kafka.common.TopicIdPartition")
                || m.toGenericString().contains("scala.collection.Map<org.apache.kafka.common.TopicIdPartition");
            Object key = byId ? new TopicIdPartition(id, topic) : topic;
            scala.Function1<Object, Object> callback = answers -> {
                told.put(message, answer(answers));
                return scala.runtime.BoxedUnit.UNIT;
            };
            Object[] arguments = new Object[m.getParameterCount()];
            boolean entries = false;
            boolean acked = false;
            boolean called = false;
            for (int i = 0; i < arguments.length; i++) {
                Class<?> type = m.getParameterTypes()[i];
                if (type == long.class) {
                    arguments[i] = 30_000L;
                } else if (type == short.class) {
                    arguments[i] = acked ? (short) 0 : acks;
                    acked = true;
                } else if (type == boolean.class) {
                    arguments[i] = false;
                } else if (type == AppendOrigin.class) {
                    arguments[i] = AppendOrigin.CLIENT;
                } else if (scala.collection.Map.class.isAssignableFrom(type)) {
                    Map<Object, Object> map = entries ? Map.of() : Map.of(key, records(0, 0L));
                    arguments[i] = scala.collection.immutable.Map.from(CollectionConverters.asScala(map));
                    entries = true;
                } else if (type == scala.Function1.class) {
                    scala.Function1<Object, Object> ignored = x -> scala.runtime.BoxedUnit.UNIT;
                    arguments[i] = called ? ignored : callback;
                    called = true;
                } else if (type == Option.class) {
                    arguments[i] = Option.empty();
                } else if (type.getSimpleName().equals("RequestLocal")) {
                    arguments[i] = noCaching(type);
                } else {
                    arguments[i] = Conform.call(manager, "defaultActionQueue");
                }
            }
            m.invoke(manager, arguments);
            break;
        }
        if (!told.containsKey(message) || told.get(message).equals("NONE")) {
            own.add(epoch);
        }
    }

    private static String answer(Object answers) {
        Object one = answers instanceof Map ? ((Map<?, ?>) answers).values().iterator().next()
            : ((scala.collection.Map<?, ?>) answers).values().iterator().next();
        return ((org.apache.kafka.common.requests.ProduceResponse.PartitionResponse) one).error.name();
    }

    /** A ReplicaManager on what PartitionTest has; the rest by type. */
    private ReplicaManager manager() throws Exception {
        Properties properties = new Properties();
        properties.put("process.roles", "broker");
        properties.put("node.id", Integer.toString(FIRST));
        properties.put("controller.quorum.voters", "1@localhost:9093");
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listeners", "PLAINTEXT://localhost:9092");
        properties.put("log.dirs", Conform.get(test, "logDir1").toString());
        KafkaConfig config = KafkaConfig.fromProps(properties);
        scala.Function0<Object> brokerEpoch = () -> 1L;
        Object[] have = {config, Conform.get(test, "time"), new Metrics(), new MockScheduler((org.apache.kafka.common.utils.MockTime) Conform.get(test, "time")),
            Conform.get(test, "logManager"), cache, new LogDirFailureChannel(1), Conform.get(test, "alterPartitionManager"), new AtomicBoolean(false),
            brokerEpoch, Option.empty()};
        Constructor<?> constructor = ReplicaManager.class.getConstructors()[0];
        Object[] arguments = new Object[constructor.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            Class<?> type = constructor.getParameterTypes()[i];
            for (Object o : have) {
                if (type.isInstance(o)) {
                    arguments[i] = o;
                    break;
                }
            }
            if (arguments[i] == null && type.getSimpleName().equals("DirectoryEventHandler")) {
                arguments[i] = type.getField("NOOP").get(null);
            } else if (arguments[i] == null) {
                arguments[i] = made(type);
            }
        }
        return (ReplicaManager) constructor.newInstance(arguments);
    }

    private static Object made(Class<?> type) throws Exception {
        for (Object[] arguments : new Object[][] {{}, {false}}) {
            try {
                return Conform.make(type, arguments);
            } catch (NoSuchMethodException | InstantiationException e) {
                // another release, or an interface
            }
        }
        return Mockito.mock(type);
    }
}
