import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/** The same calls with the Java clients of 0.10.2 to 2.4. */
final class Clients {
    private Clients() {}

    @SuppressWarnings("deprecation")
    static ConsumerRecords<String, String> poll(KafkaConsumer<String, String> c, int millis) {
        return c.poll((long) millis);
    }

    @SuppressWarnings("deprecation")
    static void closeNow(KafkaProducer<?, ?> p) {
        p.close(0, TimeUnit.MILLISECONDS);
    }

    @SuppressWarnings("deprecation")
    static void closeNow(KafkaConsumer<?, ?> c) {
        c.close(0, TimeUnit.MILLISECONDS);
    }

    /** By its name: 0.10 has no transactions. */
    static void sendOffsets(KafkaProducer<?, ?> p, KafkaConsumer<?, ?> c, String group,
            Map<TopicPartition, OffsetAndMetadata> offsets) throws Exception {
        try {
            p.getClass().getMethod("sendOffsetsToTransaction", Map.class, String.class).invoke(p, offsets, group);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
        }
    }
}
