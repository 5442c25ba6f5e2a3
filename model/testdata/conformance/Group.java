import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.classic.ClassicGroup;
import org.apache.kafka.coordinator.group.classic.ClassicGroupMember;
import org.apache.kafka.coordinator.group.classic.ClassicGroupState;
import org.mockito.Mockito;

/**
 * What a classic group makes of commits: ClassicGroup.validateOffsetCommit. "join MEMBER" and "leave MEMBER" begin a new
 * generation; "commit MEMBER KIND" is an OffsetCommit, or a TxnOffsetCommit with or without the group's metadata, of the
 * generation that MEMBER joined last: "taken" or "refused".
 */
public final class Group implements Conform.Driver {
    private final ClassicGroup group;
    private final Map<String, Integer> generations = new HashMap<>();

    Group(String[] words) throws Exception {
        Object metrics = null;
        try {
            metrics = Mockito.mock(Class.forName("org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetricsShard"));
        } catch (ClassNotFoundException e) {
            // only older releases take it
        }
        group = (ClassicGroup) Conform.make(ClassicGroup.class, new LogContext(), "group", ClassicGroupState.EMPTY, Time.SYSTEM,
            new Conform.Optional(metrics));
    }

    @Override
    public String step(String[] words) throws Exception {
        String member = words[1];
        switch (words[0]) {
            case "join":
                JoinGroupRequestData.JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestData.JoinGroupRequestProtocolCollection();
                protocols.add(new JoinGroupRequestData.JoinGroupRequestProtocol().setName("range").setMetadata(new byte[0]));
                group.add(new ClassicGroupMember(member, java.util.Optional.empty(), "client", "host", 60000, 10000, "consumer", protocols));
                nextGeneration();
                generations.put(member, group.generationId());
                return "joined";
            case "leave":
                group.remove(member);
                nextGeneration();
                return "left";
            default:
                return commit(member, words[2]);
        }
    }

    /** The other members take part in the new generation, as members that live do. */
    private void nextGeneration() {
        group.transitionTo(ClassicGroupState.PREPARING_REBALANCE);
        group.initNextGeneration();
        if (!group.isInState(ClassicGroupState.EMPTY)) {
            group.transitionTo(ClassicGroupState.STABLE);
        }
        for (ClassicGroupMember m : List.copyOf(group.allMembers())) {
            generations.put(m.memberId(), group.generationId());
        }
    }

    private String commit(String member, String kind) throws Exception {
        boolean plain = kind.equals("without-metadata");
        boolean transactional = !kind.equals("commit");
        try {
            // TxnOffsetCommit 3 and OffsetCommit 8 are those of KIP-447 (2.5)
            Conform.call(group, "validateOffsetCommit", plain ? "" : member, null, plain ? -1 : generations.getOrDefault(member, -1),
                transactional, version(transactional));
            return "taken";
        } catch (Exception e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                if (t instanceof org.apache.kafka.common.errors.ApiException) {
                    return "refused";
                }
            }
            throw e;
        }
    }

    /** The version as a release takes it: short up to 3.9, int since 4.0. */
    private Object version(boolean transactional) throws Exception {
        int version = transactional ? 3 : 8;
        for (var m : ClassicGroup.class.getMethods()) {
            if (m.getName().equals("validateOffsetCommit") && m.getParameterTypes()[4] == short.class) {
                return (short) version;
            }
        }
        return version;
    }
}
