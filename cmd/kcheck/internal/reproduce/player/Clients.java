import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/** The calls of the Java clients that releases before 2.5 do not have. */
final class Clients {
    private Clients() {}

    static ConsumerRecords<String, String> poll(KafkaConsumer<String, String> c, int millis) {
        return c.poll(Duration.ofMillis(millis));
    }

    static void closeNow(KafkaProducer<?, ?> p) {
        p.close(Duration.ZERO);
    }

    static void closeNow(KafkaConsumer<?, ?> c) {
        c.close(Duration.ZERO);
    }

    /** With the metadata of the group where there is a consumer, else with its id alone. */
    static void sendOffsets(KafkaProducer<?, ?> p, KafkaConsumer<?, ?> c, String group,
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        p.sendOffsetsToTransaction(offsets, c != null ? c.groupMetadata() : new ConsumerGroupMetadata(group));
    }
}
