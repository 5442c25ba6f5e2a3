import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kafka.cluster.AbstractPartitionTest;
import kafka.cluster.Partition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.metadata.LeaderRecoveryState;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogReadInfo;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.mockito.Mockito;
import scala.Option;

/**
 * One replica: Partition with a log, on the mocks of Kafka's own PartitionTest. Replicas are numbered from 0, which is this
 * one. "new Leader REPLICAS MIN_ISR"; "lead EPOCH ISR" and "follow EPOCH LEADER ISR" are decisions of the controller; "isr
 * EPOCH ISR" is another in-sync set in the same epoch; "append" is a produce request with acks=all; "fetch REPLICA EPOCH
 * LOG" a fetch, with the truncations that it takes, of a follower whose records have the epochs LOG; "log LOG
 * HIGH_WATERMARK" makes this replica's log what a follower has copied. The answer to "append" begins with "appended" or "refused", that to "fetch" with
 * the epochs of the follower's log. Then, of a leader, come the high watermark, the followers' positions, and for each
 * offset whether acks=all is answered.
 */
public class Leader implements Conform.Driver {
    static final int FIRST = 101;
    final AbstractPartitionTest test = new AbstractPartitionTest();
    Partition partition;
    final Object cache;
    final int replicas;
    int partitionEpoch;
    int epoch;
    List<Integer> own = new ArrayList<>(); // the leader epochs of this replica's records
    boolean leads;
    private List<Integer> fenced = new ArrayList<>();

    Leader(String[] words) throws Exception {
        replicas = Integer.parseInt(words[2]);
        test.setup();
        cache = cache();
        for (Method m : cache.getClass().getMethods()) {
            if (m.getName().equals("getAliveBrokerEpoch")) {
                Object epoch = m.getReturnType() == Optional.class ? Optional.of(1L) : Option.apply((Object) 1L);
                Mockito.doReturn(epoch).when(cache);
                m.invoke(cache, Mockito.anyInt());
            }
        }
        // A replica outside the in-sync set does not count, so it comes in by a decision and not by its fetch.
        for (String name : new String[] {"isBrokerFenced", "isBrokerShuttingDown"}) {
            for (Method m : cache.getClass().getMethods()) {
                if (m.getName().equals(name)) {
                    Mockito.doAnswer(call -> fenced.contains((Integer) call.getArgument(0))).when(cache);
                    m.invoke(cache, Mockito.anyInt());
                }
            }
        }
        partition = test.partition();
        Conform.call(Conform.get(test, "configRepository"), "setTopicConfig", partition.topicPartition().topic(), "min.insync.replicas", words[3]);
        Conform.call(partition, "createLogIfNotExists", false, false, test.offsetCheckpoints(), Option.empty(), new Conform.Optional(Option.empty()));
    }

    /** The metadata cache. Up to 3.9 only KRaft's own class makes Partition ask whether a broker is fenced. */
    private Object cache() throws Exception {
        try {
            Object cache = Mockito.mock(Class.forName("kafka.server.metadata.KRaftMetadataCache"));
            java.lang.reflect.Field field = Partition.class.getDeclaredField("metadataCache");
            field.setAccessible(true);
            field.set(test.partition(), cache);
            return cache;
        } catch (ClassNotFoundException e) {
            return test.metadataCache();
        }
    }

    @Override
    public void close() throws Exception {
        test.tearDown();
    }

    @Override
    public String step(String[] words) throws Exception {
        String answer;
        switch (words[0]) {
            case "lead":
            case "isr":
                decide("makeLeader", 0, words[1], words[2]);
                epoch = Integer.parseInt(words[1]);
                leads = true;
                answer = words[0];
                break;
            case "follow":
                decide("makeFollower", Integer.parseInt(words[2]), words[1], words[3]);
                leads = false;
                answer = "follow";
                break;
            case "append":
                answer = append();
                break;
            case "fetch":
                answer = fetch(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Conform.numbers(words[3]));
                break;
            default:
                answer = log(Conform.numbers(words[1]), Long.parseLong(words[2]));
        }
        return leads ? answer + " " + state() : answer;
    }

    private void decide(String method, int leader, String epoch, String isr) throws Exception {
        int[] all = new int[replicas];
        Uuid[] directories = new Uuid[replicas];
        for (int i = 0; i < replicas; i++) {
            all[i] = FIRST + i;
            directories[i] = org.apache.kafka.common.DirectoryId.UNASSIGNED;
        }
        int[] members = members(isr);
        PartitionRegistration registration = new PartitionRegistration.Builder().setReplicas(all).setDirectories(directories)
            .setIsr(members).setLeader(FIRST + leader).setLeaderRecoveryState(LeaderRecoveryState.RECOVERED)
            .setLeaderEpoch(Integer.parseInt(epoch)).setPartitionEpoch(++partitionEpoch).build();
        try {
            Object state = Conform.call(registration, "toLeaderAndIsrPartitionState", partition.topicPartition(), false);
            Conform.call(partition, method, state, test.offsetCheckpoints(), Option.empty(), Option.empty());
        } catch (NoSuchMethodException e) { // 4.2 on
            Conform.call(partition, method, registration, false, test.offsetCheckpoints(), Option.empty(), Option.empty());
        }
    }

    /** The in-sync set by broker id; the controller lets none of the others in. */
    final int[] members(String isr) {
        int[] members = Conform.numbers(isr);
        fenced = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            fenced.add(FIRST + i);
        }
        for (int i = 0; i < members.length; i++) {
            members[i] += FIRST;
            fenced.remove((Integer) members[i]);
        }
        return members;
    }

    final Object records(int epoch, long offset) throws Exception {
        Class<?> simple = Conform.type("org.apache.kafka.common.record.SimpleRecord", "org.apache.kafka.common.record.internal.SimpleRecord");
        Class<?> memory = Conform.type("org.apache.kafka.common.record.MemoryRecords", "org.apache.kafka.common.record.internal.MemoryRecords");
        Object all = java.lang.reflect.Array.newInstance(simple, 1);
        java.lang.reflect.Array.set(all, 0, Conform.make(simple, (Object) "m".getBytes()));
        return Conform.call(memory, "withRecords", offset, Compression.NONE, epoch, all);
    }

    private String append() throws Exception {
        Class<?> local = Conform.type("org.apache.kafka.server.common.RequestLocal", "kafka.server.RequestLocal");
        try {
            Conform.call(partition, "appendRecordsToLeader", records(0, 0L), AppendOrigin.CLIENT, -1, noCaching(local),
                VerificationGuard.SENTINEL, new Conform.Optional((short) 0));
            own.add(epoch);
            return "appended";
        } catch (Exception e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                if (t instanceof org.apache.kafka.common.errors.ApiException) {
                    return "refused";
                }
            }
            throw e;
        }
    }

    static Object noCaching(Class<?> local) throws Exception {
        try {
            return Conform.call(local, "noCaching");
        } catch (NoSuchMethodException e) { // up to 3.9, in Scala
            return Conform.call(local, "NoCaching");
        }
    }

    /** A follower's fetches until it need not truncate any more (AbstractFetcherThread.truncateOnFetchResponse). */
    private String fetch(int replica, int epoch, int[] epochs) throws Exception {
        List<Integer> log = new ArrayList<>();
        for (int e : epochs) {
            log.add(e);
        }
        Class<?> params = Conform.type("org.apache.kafka.server.storage.log.FetchParams", "org.apache.kafka.storage.internals.log.FetchParams");
        Class<?> isolations = Conform.type("org.apache.kafka.server.storage.log.FetchIsolation", "org.apache.kafka.storage.internals.log.FetchIsolation");
        while (true) {
            Object p = Conform.make(params, new Conform.Optional((short) 17), FIRST + replica, 1L, 0L, 1, 1 << 20,
                Conform.call(isolations, "valueOf", "LOG_END"), Optional.empty());
            FetchRequest.PartitionData data = new FetchRequest.PartitionData(Uuid.ZERO_UUID, log.size(), 0L, 1 << 20, Optional.of(epoch),
                log.isEmpty() ? Optional.empty() : Optional.of(log.get(log.size() - 1)));
            LogReadInfo read = (LogReadInfo) Conform.call(partition, "fetchRecords", p, data, test.time().milliseconds(), 1 << 20, true, true);
            Optional<?> diverging = (Optional<?>) Conform.get(read, "divergingEpoch");
            if (diverging.isPresent()) {
                int end = ((Long) Conform.call(diverging.get(), "endOffset")).intValue();
                int from = (Integer) Conform.call(diverging.get(), "epoch");
                int own = 0; // where the follower's own log ends for the epoch that the leader has named, or one before
                while (own < log.size() && log.get(own) <= from) {
                    own++;
                }
                int to = Math.min(Math.min(end, own), log.size() - 1);
                log = new ArrayList<>(log.subList(0, to));
                continue;
            }
            for (Object batch : (Iterable<?>) Conform.call(Conform.get(Conform.get(read, "fetchedData"), "records"), "batches")) {
                log.add((Integer) Conform.call(batch, "partitionLeaderEpoch"));
            }
            return text(log);
        }
    }

    private static String text(List<Integer> log) {
        StringBuilder text = new StringBuilder();
        for (int e : log) {
            text.append(text.length() > 0 ? "," : "").append(e);
        }
        return text.length() == 0 ? "-" : text.toString();
    }

    /** What this replica has copied, and the high watermark that it has learnt. */
    private String log(int[] epochs, long highWatermark) throws Exception {
        int kept = 0;
        while (kept < epochs.length && kept < own.size() && own.get(kept) == epochs[kept]) {
            kept++;
        }
        Conform.call(partition, "truncateTo", (long) kept, false);
        own = new ArrayList<>();
        for (int i = 0; i < epochs.length; i++) {
            if (i >= kept) {
                Conform.call(partition, "appendRecordsToFollowerOrFutureReplica", records(epochs[i], i), false, epochs[i]);
            }
            own.add(epochs[i]);
        }
        Conform.call(Conform.call(partition, "localLogOrException"), "updateHighWatermark", highWatermark);
        return "log";
    }

    final String state() throws Exception {
        Object log = Conform.call(partition, "localLogOrException");
        StringBuilder text = new StringBuilder("hw=" + Conform.call(log, "highWatermark") + " positions=");
        for (int i = 1; i < replicas; i++) {
            Object replica = ((Option<?>) Conform.call(partition, "getReplica", FIRST + i)).get();
            long end = (Long) Conform.call(Conform.call(replica, "stateSnapshot"), "logEndOffset");
            text.append(i > 1 ? "," : "").append(Math.max(0, end));
        }
        text.append(" answers=");
        long end = (Long) Conform.call(log, "logEndOffset");
        for (long offset = 0; offset < end; offset++) {
            var answer = partition.checkEnoughReplicasReachOffset(offset + 1);
            text.append((Boolean) answer._1() ? answer._2().name().equals("NONE") ? "a" : "e" : "-");
        }
        return text.toString();
    }
}
