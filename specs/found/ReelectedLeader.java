import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes an Apache Kafka cluster lose a record that it has acknowledged with acks=all. See reelected-leader-loses-acked-record.md.
 *
 *   java -cp 'kafka_2.13-4.1.1/libs/*' ReelectedLeader.java kafka_2.13-4.1.1 [--control] [--save FILE]
 *
 * It needs a JDK, 17 or later, on Linux or macOS, and Apache Kafka 3.7 or later: an unpacked distribution, or a directory with
 * the jars in libs. It starts one controller and three brokers on the loopback interface with Kafka's defaults, and does to
 * them: two pauses (SIGSTOP, SIGCONT), one preferred election, one controlled shutdown (SIGTERM), one crash (SIGKILL). It ends
 * and removes everything. With --control broker 1 runs between the two elections and learns of them one by one: then nothing
 * is lost. --save writes what the brokers logged about the partition.
 *
 * Exit status: 0 the record was lost; 1 it was not; 2 the run came to nothing.
 */
public class ReelectedLeader {
    private static final String TOPIC = "orders";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final int CONTROLLER = 100;

    private final Path home;
    private final boolean control;
    private final Path dir;
    private final Map<Integer, Node> nodes = new TreeMap<>();
    private final List<String> story = new ArrayList<>();
    private Admin admin;

    private ReelectedLeader(Path home, boolean control) throws IOException {
        this.home = home;
        this.control = control;
        this.dir = Files.createTempDirectory("reelected-leader-");
    }

    public static void main(String[] args) throws Exception {
        List<String> words = new ArrayList<>(List.of(args));
        boolean control = words.remove("--control");
        int at = words.indexOf("--save");
        Path save = null;
        if (at >= 0 && at + 1 < words.size()) {
            save = Path.of(words.remove(at + 1));
            words.remove(at);
        }
        if (words.size() != 1 || !Files.isDirectory(Path.of(words.get(0), "libs"))) {
            System.err.println("usage: java -cp 'KAFKA/libs/*' ReelectedLeader.java KAFKA [--control] [--save FILE]");
            System.exit(2);
        }
        ReelectedLeader run = new ReelectedLeader(Path.of(words.get(0)).toAbsolutePath(), control);
        Thread atEnd = new Thread(run::close);
        Runtime.getRuntime().addShutdownHook(atEnd); // also when it is interrupted
        int status = 2;
        try {
            status = run.play();
        } catch (Exception e) {
            run.say("the run came to nothing: " + e);
        }
        if (save != null) {
            run.save(save);
        }
        System.exit(status);
    }

    // ---- the run

    private int play() throws Exception {
        start();
        createTopic();
        // A restart of broker 2, as in a rolling restart: leadership goes to broker 1, and broker 2 stays the preferred leader.
        say("broker 2, the preferred leader, is restarted");
        node(2).signal("TERM");
        node(2).awaitExit();
        await("broker 1 to lead", 60, () -> leads(1));
        node(2).start();
        await("all replicas to be in sync", 60, () -> leads(1) && isr().size() == 3);

        try (KafkaProducer<String, String> producer = producer()) {
            send(producer, "m0").get(30, TimeUnit.SECONDS);
            say("m0 is acknowledged; the leader is broker 1, in sync are " + isr());
            return lose(producer);
        }
    }

    private int lose(KafkaProducer<String, String> producer) throws Exception {
        pause(1000); // until the brokers have nothing to do but to wait for records

        say("1. broker 2 pauses");
        node(2).signal("STOP");
        pause(900); // the fetch that it had under way is answered empty (replica.fetch.wait.max.ms, 500)

        CompletableFuture<RecordMetadata> m1 = send(producer, "m1");
        say("2. the producer sends m1; broker 1 appends it, broker 3 copies it");
        await("brokers 1 and 3 to have m1", 5, () -> node(1).has("m1") && node(3).has("m1"));
        pause(800); // broker 3 fetches from the next offset, and so broker 1 knows that it has m1

        say("3. broker 1 pauses; m1 is acknowledged: " + m1.isDone());
        node(1).signal("STOP");
        pause(700); // its fetch of the metadata log is answered by a NoOpRecord (metadata.max.idle.interval.ms, 500)

        electPreferredLeader();
        say("4. the preferred leader, broker 2, is elected");

        node(2).signal("CONT");
        await("broker 3 to follow broker 2 and to truncate m1", 5, () -> !node(3).has("m1"));
        say("5. broker 2 goes on and leads; broker 3 follows it and truncates m1, which nobody was told of");
        if (control) {
            node(1).signal("CONT");
            pause(2000);
            node(1).signal("STOP");
            say("   control: broker 1 has run for 2 seconds");
        }

        int before = node(3).mark();
        node(2).signal("TERM");
        await("broker 1 to be elected", 5, () -> node(3).logged(before, "Follower " + PARTITION + " starts at .*leader is (Some\\()?1\\b"));
        say("6. broker 2 shuts down; the controller elects broker 1 again, which still pauses");

        node(1).signal("CONT");
        boolean acked = acknowledged(m1, 5);
        say("7. broker 1 goes on and reads " + (control ? "the second election" : "both elections") + "; m1 is acknowledged: " + acked + "; broker 3 has m1: " + node(3).has("m1"));
        node(1).signal("KILL");
        say("8. broker 1 crashes; its page cache survives");

        int crashed = node(3).mark();
        await("broker 3 to be elected", 30, () -> node(3).logged(crashed, "Leader " + PARTITION + " .*starts at"));
        say("9. the session of broker 1 ends; broker 3, which is in sync, is elected");
        return end(m1);
    }

    /** Brings every broker back, reads the topic from its start, and says whether an acknowledged record is missing. */
    private int end(CompletableFuture<RecordMetadata> m1) throws Exception {
        node(2).awaitExit();
        node(1).start();
        node(2).start();
        await("all replicas to be in sync again", 90, () -> isr().size() == 3);
        boolean acked = acknowledged(m1, 30);
        List<String> read = readAll();
        say("all brokers are back and in sync; m1 was acknowledged: " + acked + "; the topic from its start: " + read);
        boolean lost = acked && !read.contains("m1");
        boolean unclean = nodes.values().stream().anyMatch(n -> n.logged(0, "(?i)unclean (leader election|partition change).*" + TOPIC));
        say("a node has logged an unclean election: " + unclean);
        say(lost ? "LOST: m1 was acknowledged with acks=all and is gone" : "NOT LOST");
        return lost ? 0 : 1;
    }

    // ---- the clients

    private KafkaProducer<String, String> producer() {
        Properties p = new Properties();
        p.put("bootstrap.servers", bootstrap());
        p.put("acks", "all"); // as by default
        return new KafkaProducer<>(p, new StringSerializer(), new StringSerializer());
    }

    private CompletableFuture<RecordMetadata> send(KafkaProducer<String, String> producer, String value) {
        CompletableFuture<RecordMetadata> answer = new CompletableFuture<>();
        producer.send(new ProducerRecord<>(TOPIC, 0, null, value), (metadata, e) -> {
            if (e == null) {
                answer.complete(metadata);
            } else {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private static boolean acknowledged(CompletableFuture<RecordMetadata> m, int seconds) {
        try {
            m.get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    private List<String> readAll() {
        Properties p = new Properties();
        p.put("bootstrap.servers", bootstrap());
        p.put("auto.offset.reset", "earliest");
        List<String> all = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(p, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            for (int i = 0; i < 10; i++) {
                for (ConsumerRecord<String, String> r : consumer.poll(Duration.ofMillis(300))) {
                    all.add(r.value());
                }
            }
        }
        return all;
    }

    private void createTopic() throws Exception {
        NewTopic t = new NewTopic(TOPIC, Map.of(0, List.of(2, 1, 3)));
        t.configs(Map.of("min.insync.replicas", "2", "unclean.leader.election.enable", "false"));
        admin.createTopics(List.of(t)).all().get(30, TimeUnit.SECONDS);
        await("the topic's leader", 30, () -> leads(2) && isr().size() == 3);
        say("the topic has replicas 2, 1, 3 with min.insync.replicas=2 and unclean.leader.election.enable=false");
    }

    /**
     * Asks broker 3 for a preferred election, as kafka-leader-election does; it forwards the request to the controller. The
     * request (ElectLeaders, version 1) is written by hand because an Admin client might send it to a broker that pauses.
     */
    private void electPreferredLeader() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream request = new DataOutputStream(bytes);
        request.writeShort(43); // ElectLeaders
        request.writeShort(1); // version
        request.writeInt(7); // correlation id
        writeString(request, "reelected-leader"); // client id
        request.writeByte(0); // PREFERRED
        request.writeInt(1); // topics
        writeString(request, TOPIC);
        request.writeInt(1); // partitions
        request.writeInt(PARTITION.partition());
        request.writeInt(10_000); // timeout in ms
        try (Socket socket = new Socket("127.0.0.1", node(3).port)) {
            socket.setSoTimeout(10_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(bytes.size());
            bytes.writeTo(out);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readInt(); // size
            in.readInt(); // correlation id
            in.readInt(); // throttle time
            short error = in.readShort();
            in.readInt(); // topics
            in.skipBytes(in.readShort()); // the name of the topic
            in.readInt(); // partitions
            in.readInt(); // the partition
            short partitionError = in.readShort();
            if (error != 0 || partitionError != 0) {
                throw new IOException("the preferred leader was not elected: error " + error + ", " + partitionError);
            }
        }
    }

    private static void writeString(DataOutputStream out, String text) throws IOException {
        out.writeShort(text.length());
        out.writeBytes(text);
    }

    private TopicPartitionInfo partition() throws Exception {
        return admin.describeTopics(List.of(TOPIC)).allTopicNames().get(10, TimeUnit.SECONDS).get(TOPIC).partitions().get(0);
    }

    private boolean leads(int id) {
        try {
            TopicPartitionInfo p = partition();
            return p.leader() != null && p.leader().id() == id;
        } catch (Exception e) {
            return false;
        }
    }

    private List<Integer> isr() {
        try {
            return partition().isr().stream().map(n -> n.id()).sorted().collect(Collectors.toList());
        } catch (Exception e) {
            return List.of();
        }
    }

    // ---- the cluster

    private void start() throws Exception {
        int[] ports = freePorts(5);
        String quorum = CONTROLLER + "@127.0.0.1:" + ports[0];
        String clusterId = Uuid.randomUuid().toString();
        nodes.put(CONTROLLER, new Node(CONTROLLER, ports[0]));
        for (int id = 1; id <= 3; id++) {
            nodes.put(id, new Node(id, ports[id]));
        }
        for (Node n : nodes.values()) {
            n.format(quorum, clusterId);
        }
        for (Node n : nodes.values()) {
            n.start();
        }
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap()));
        await("three brokers to be there", 90, () -> {
            try {
                return admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).size() == 3;
            } catch (Exception e) {
                return false;
            }
        });
        say("Apache Kafka " + version() + ": one controller, three brokers, Kafka's default settings");
    }

    private String version() throws IOException {
        try (Stream<Path> jars = Files.list(home.resolve("libs"))) {
            return jars.map(f -> f.getFileName().toString()).filter(f -> f.matches("kafka_2\\.13-[0-9.]+\\.jar")).findFirst()
                .orElse("?").replaceAll("kafka_2\\.13-|\\.jar", "");
        }
    }

    private String bootstrap() {
        return Stream.of(3, 1, 2).map(id -> "127.0.0.1:" + node(id).port).collect(Collectors.joining(","));
    }

    private Node node(int id) {
        return nodes.get(id);
    }

    private static int[] freePorts(int n) throws IOException {
        ServerSocket[] sockets = new ServerSocket[n];
        int[] ports = new int[n];
        for (int i = 0; i < n; i++) {
            sockets[i] = new ServerSocket(0);
            ports[i] = sockets[i].getLocalPort();
        }
        for (ServerSocket s : sockets) {
            s.close();
        }
        return ports;
    }

    /** One process, and what it logs. */
    private class Node {
        private final int id;
        private final int port;
        private final Path place;
        private final List<String> log = new ArrayList<>();
        private Process process;

        Node(int id, int port) throws IOException {
            this.id = id;
            this.port = port;
            this.place = Files.createDirectories(dir.resolve("node-" + id));
            Files.writeString(place.resolve("log4j2.yaml"), LOG4J2);
            Files.writeString(place.resolve("log4j.properties"), LOG4J);
        }

        void format(String quorum, String clusterId) throws Exception {
            boolean broker = id != CONTROLLER;
            List<String> p = new ArrayList<>(List.of("node.id=" + id, "process.roles=" + (broker ? "broker" : "controller"),
                "controller.quorum.voters=" + quorum, "controller.listener.names=CONTROLLER",
                "listeners=" + (broker ? "PLAINTEXT" : "CONTROLLER") + "://127.0.0.1:" + port, "log.dirs=" + place.resolve("data"),
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"));
            Files.write(place.resolve("server.properties"), p);
            Process f = java("kafka.tools.StorageTool", "format", "-t", clusterId, "-c", config());
            String out = new String(f.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (f.waitFor() != 0) {
                throw new IOException("formatting node " + id + ": " + out);
            }
        }

        private String config() {
            return place.resolve("server.properties").toString();
        }

        void start() throws IOException {
            process = java("kafka.Kafka", config());
            BufferedReader out = process.inputReader();
            Thread reader = new Thread(() -> out.lines().forEach(line -> {
                synchronized (log) {
                    log.add(line);
                }
            }));
            reader.setDaemon(true);
            reader.start();
        }

        private Process java(String... program) throws IOException {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.configurationFile=" + place.resolve("log4j2.yaml"),
                "-Dlog4j.configuration=file:" + place.resolve("log4j.properties"), "-cp", home.resolve("libs") + "/*"));
            command.addAll(List.of(program));
            return new ProcessBuilder(command).directory(place.toFile()).redirectErrorStream(true).start();
        }

        void signal(String name) throws Exception {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor();
        }

        void awaitExit() throws Exception {
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                throw new IOException("broker " + id + " has not stopped");
            }
        }

        /** Whether the value of a record is in the broker's log of the partition. */
        boolean has(String value) {
            try (Stream<Path> files = Files.list(place.resolve("data").resolve(PARTITION.toString()))) {
                for (Path f : files.filter(f -> f.toString().endsWith(".log")).toList()) {
                    if (new String(Files.readAllBytes(f), StandardCharsets.ISO_8859_1).contains(value)) {
                        return true;
                    }
                }
            } catch (IOException e) {
                return false;
            }
            return false;
        }

        int mark() {
            synchronized (log) {
                return log.size();
            }
        }

        boolean logged(int mark, String pattern) {
            Pattern p = Pattern.compile(pattern);
            return lines().subList(mark, mark()).stream().anyMatch(line -> p.matcher(line).find());
        }

        List<String> lines() {
            synchronized (log) {
                return List.copyOf(log);
            }
        }
    }

    private void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
        nodes.values().stream().filter(n -> n.process != null).forEach(n -> n.process.destroyForcibly());
        try (Stream<Path> all = Files.walk(dir)) {
            all.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        } catch (IOException e) {
            System.err.println("left behind: " + dir);
        }
    }

    // ---- the report

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private void say(String text) {
        String line = CLOCK.format(LocalTime.now()) + " " + text;
        System.out.println(line);
        story.add(line);
    }

    private static void pause(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    private static void await(String what, int seconds, BooleanSupplier holds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IOException("waited " + seconds + " s for " + what);
            }
            Thread.sleep(20);
        }
    }

    /** The lines of the nodes' logs that tell the story: what leader and followers do, and what the controller decides. */
    private static final Pattern TELLING = Pattern.compile("\\b(Leader|Follower) " + TOPIC + "-0 |Truncating partition " + TOPIC + "-0|"
        + "Partition " + TOPIC + "-0 .*(Recorded replica|High watermark updated|Progress awaiting|ISR updated)|"
        + "UNKNOWN_LEADER_EPOCH|Non-monotonic update of high watermark|(?i)unclean|Fencing broker|handleBrokerFenced|enterControlledShutdown");
    /** Broker 1 alone tells which records of the metadata log it reads at once. */
    private static final Pattern PUBLISHED = Pattern.compile("MetadataLoader id=1\\].*publishing");
    private static final int LONGEST = 420;

    /** Writes the steps, and the telling lines of every node since the first of them, in the order of their times. */
    private void save(Path file) throws IOException {
        List<String> all = new ArrayList<>();
        story.forEach(l -> all.add(l.substring(0, 12) + " ====       " + l.substring(13)));
        String begin = timeOf(" 1. ");
        String end = timeOf(" 9. ");
        for (Node n : nodes.values()) {
            String name = n.id == CONTROLLER ? "controller" : "broker-" + n.id + "  ";
            String last = "";
            for (String line : n.lines()) {
                boolean timed = line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d\\d\\d .*") && line.compareTo(begin) >= 0;
                boolean tells = TELLING.matcher(line).find() || PUBLISHED.matcher(line).find() && line.compareTo(end) < 0;
                if (!timed || !tells || line.contains("Recorded replica") && line.compareTo(end) > 0 || line.substring(12).equals(last)) {
                    continue;
                }
                last = line.substring(12);
                String text = line.replace(dir.toString(), "").substring(13);
                all.add(line.substring(0, 12) + " " + name + " " + text.substring(0, Math.min(LONGEST, text.length())));
            }
        }
        all.sort(Comparator.comparing((String l) -> l.substring(0, 12)));
        Files.write(file, all);
    }

    /** When a step was taken; never where it was not. */
    private String timeOf(String step) {
        return story.stream().filter(l -> l.substring(12).startsWith(step)).map(l -> l.substring(0, 12)).findFirst().orElse("99");
    }

    private static final String LOG4J2 = String.join("\n",
        "Configuration:",
        "  Appenders:",
        "    Console: {name: out, PatternLayout: {pattern: \"%d{HH:mm:ss.SSS} %p %c{1}: %m%n\"}}",
        "  Loggers:",
        "    Root: {level: INFO, AppenderRef: {ref: out}}",
        "    Logger:",
        "      - {name: kafka.cluster.Partition, level: TRACE}",
        "      - {name: org.apache.kafka.image.loader.MetadataLoader, level: DEBUG}",
        "");
    private static final String LOG4J = String.join("\n",
        "log4j.rootLogger=INFO, out",
        "log4j.appender.out=org.apache.log4j.ConsoleAppender",
        "log4j.appender.out.layout=org.apache.log4j.PatternLayout",
        "log4j.appender.out.layout.ConversionPattern=%d{HH:mm:ss.SSS} %p %c{1}: %m%n",
        "log4j.logger.kafka.cluster.Partition=TRACE",
        "log4j.logger.org.apache.kafka.image.loader.MetadataLoader=DEBUG",
        "");
}
