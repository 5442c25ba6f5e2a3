import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogOffsetMetadata;
import org.apache.kafka.storage.internals.log.ProducerAppendInfo;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;

/**
 * What a leader makes of the batches and markers of one producer: ProducerAppendInfo. "new ProducerState VERSION" has the
 * transaction.version, "data EPOCH SEQUENCE TRANSACTIONAL" and "marker TYPE EPOCH" are the commands. The answer is
 * "appended OPEN" or "refused OPEN"; OPEN is the first offset of the open transaction, or "-".
 */
public final class ProducerState implements Conform.Driver {
    private static final long ID = 7;
    private final TopicPartition partition = new TopicPartition("output", 0);
    private final ProducerStateEntry entry;
    private final short version;
    private long offset;

    ProducerState(String[] words) throws Exception {
        entry = (ProducerStateEntry) Conform.call(ProducerStateEntry.class, "empty", ID); // not public since 4.3
        version = Short.parseShort(words[2]);
    }

    @Override
    public String step(String[] words) throws Exception {
        boolean marker = words[0].equals("marker");
        ProducerAppendInfo info = new ProducerAppendInfo(partition, ID, entry, marker ? AppendOrigin.COORDINATOR : AppendOrigin.CLIENT, null);
        try {
            if (marker) {
                Class<?> types = Conform.type("org.apache.kafka.common.record.ControlRecordType", "org.apache.kafka.common.record.internal.ControlRecordType");
                Class<?> markers = Conform.type("org.apache.kafka.common.record.EndTransactionMarker", "org.apache.kafka.common.record.internal.EndTransactionMarker");
                Object end = Conform.make(markers, Conform.call(types, "valueOf", words[1]), 0);
                Conform.call(info, "appendEndTxnMarker", end, Short.valueOf(words[2]), offset, 1L, new Conform.Optional(version));
            } else {
                int sequence = Integer.parseInt(words[2]);
                boolean repeat = false;
                // UnifiedLog.analyzeAndValidateProducerState looks for the batch among those remembered first.
                if (entry.producerEpoch() == Short.parseShort(words[1]) && (Integer) Conform.call(entry, "lastSeq") >= 0) {
                    for (Object batch : (Iterable<?>) Conform.call(entry, "batchMetadata")) {
                        repeat |= (Integer) Conform.call(batch, "firstSeq") == sequence;
                    }
                }
                if (repeat) {
                    return "repeat " + open();
                }
                info.appendDataBatch(Short.parseShort(words[1]), sequence, sequence, 1L, new LogOffsetMetadata(offset), offset, Boolean.parseBoolean(words[3]));
            }
        } catch (Exception e) {
            if (!refusal(e)) {
                throw e;
            }
            return "refused " + open();
        }
        Conform.call(entry, "update", info.toEntry());
        offset++;
        return "appended " + open();
    }

    private static boolean refusal(Throwable t) {
        for (; t != null; t = t.getCause()) {
            if (t instanceof org.apache.kafka.common.errors.ApiException) {
                return true;
            }
        }
        return false;
    }

    private String open() {
        OptionalLong first = entry.currentTxnFirstOffset();
        return first.isPresent() ? Long.toString(first.getAsLong()) : "-";
    }
}
