import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionChangeRecord;
import org.apache.kafka.controller.PartitionChangeBuilder;
import org.apache.kafka.metadata.LeaderRecoveryState;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The controller's decisions about one partition: PartitionChangeBuilder. "new Election REPLICAS MIN_ISR ELR" begins with
 * all replicas in sync and the first one leading; "change KIND ISR LIVE UNCLEAN PREFERRED" asks for a change, KIND an
 * Election of the builder, ISR the target set or "=", LIVE who may lead, UNCLEAN who came back from an unclean shutdown.
 * The answer is "leader=L isr=.. elr=.. last=.. bump=BOOLEAN".
 */
public final class Election implements Conform.Driver {
    private static final Uuid TOPIC = Uuid.randomUuid();
    private final int minISR;
    private final boolean elr;
    private PartitionRegistration partition;

    Election(String[] words) {
        int[] replicas = new int[Integer.parseInt(words[2])];
        Uuid[] directories = new Uuid[replicas.length];
        for (int i = 0; i < replicas.length; i++) {
            replicas[i] = i;
            directories[i] = Uuid.randomUuid();
        }
        minISR = Integer.parseInt(words[3]);
        elr = Boolean.parseBoolean(words[4]);
        partition = new PartitionRegistration.Builder().setReplicas(replicas).setDirectories(directories).setIsr(replicas)
            .setLeader(0).setLeaderRecoveryState(LeaderRecoveryState.RECOVERED).setLeaderEpoch(0).setPartitionEpoch(0).build();
    }

    @Override
    public String step(String[] words) throws Exception {
        if (words[0].equals("set")) {
            partition = new PartitionRegistration.Builder().setReplicas(partition.replicas).setDirectories(partition.directories)
                .setLeader(Integer.parseInt(words[1])).setIsr(Conform.numbers(words[2])).setElr(Conform.numbers(words[3]))
                .setLastKnownElr(Conform.numbers(words[4])).setLeaderRecoveryState(LeaderRecoveryState.RECOVERED)
                .setLeaderEpoch(partition.leaderEpoch).setPartitionEpoch(partition.partitionEpoch).build();
            return "set";
        }
        List<Integer> live = boxed(Conform.numbers(words[3]));
        PartitionChangeBuilder builder = (PartitionChangeBuilder) Conform.make(PartitionChangeBuilder.class, partition, TOPIC, 0,
            (IntPredicate) live::contains, MetadataVersion.latestProduction(), minISR, new Conform.Optional(elr));
        builder.setElection(PartitionChangeBuilder.Election.valueOf(words[1]));
        try {
            Conform.call(builder, "setEligibleLeaderReplicasEnabled", elr);
        } catch (NoSuchMethodException e) {
            // the constructor has it
        }
        builder.setUseLastKnownLeaderInBalancedRecovery(elr);
        builder.setDefaultDirProvider(broker -> partition.directories[broker]);
        if (!words[2].equals("=")) {
            builder.setTargetIsr(boxed(Conform.numbers(words[2])));
        }
        builder.setUncleanShutdownReplicas(boxed(Conform.numbers(words[4])));
        int before = partition.leaderEpoch;
        Optional<ApiMessageAndVersion> change = builder.build();
        if (change.isPresent()) {
            partition = partition.merge((PartitionChangeRecord) change.get().message());
        }
        return "leader=" + partition.leader + " isr=" + Conform.list(partition.isr) + " elr=" + Conform.list(partition.elr)
            + " last=" + Conform.list(partition.lastKnownElr) + " bump=" + (partition.leaderEpoch != before);
    }

    private static List<Integer> boxed(int[] numbers) {
        List<Integer> all = new ArrayList<>();
        Arrays.stream(numbers).forEach(all::add);
        return all;
    }
}
