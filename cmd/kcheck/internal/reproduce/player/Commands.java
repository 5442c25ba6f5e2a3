import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What a player is told, and how it answers. One command a line on standard input, words separated by tabs: a number, a verb,
 * the name of a client, arguments. One answer a line on standard output, in any order: the number, ok or error, and what there
 * is to say. What became of a record comes as an event. Each client has a thread of its own, so that one that blocks does not
 * keep the others from working.
 */
abstract class Commands {
    protected final Map<String, ExecutorService> threads = new ConcurrentHashMap<>();

    /** Has a client do what a verb says. */
    protected abstract String act(String verb, String name, String[] args) throws Exception;

    protected final void run() throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        say("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split("\t", -1);
            threads.computeIfAbsent(words[2], name -> Executors.newSingleThreadExecutor(r -> {
                Thread t = new Thread(r, name);
                t.setDaemon(true);
                return t;
            })).submit(() -> answer(words));
        }
    }

    private void answer(String[] words) {
        String[] args = Arrays.copyOfRange(words, 3, words.length);
        try {
            say(words[0], "ok", act(words[1], words[2], args));
        } catch (Throwable e) {
            say(words[0], "error", e.getClass().getSimpleName(), describe(e));
        }
    }

    /** An event: a record was sent, or its send failed with an exception. */
    protected static void sent(String name, String message, Exception e) {
        say("event", name, message, e == null ? "" : e.getClass().getSimpleName(), e == null ? "" : describe(e));
    }

    /** What an exception says, and the class of its cause. */
    private static String describe(Throwable e) {
        String text = String.valueOf(e.getMessage());
        if (e.getCause() != null) {
            text += " (" + e.getCause().getClass().getSimpleName() + ")";
        }
        return text.replace('\n', ' ').replace('\t', ' ');
    }

    private static synchronized void say(String... words) {
        System.out.println(String.join("\t", words));
        System.out.flush();
    }

    /** A record's value: the message, filled up to the size. */
    protected static String filled(String message, String size) {
        StringBuilder value = new StringBuilder(message);
        while (value.length() < Integer.parseInt(size)) {
            value.append('.');
        }
        return value.toString();
    }

    /** A record as poll answers it: the message without what fills it up, and where it stands. */
    protected static String polled(Object value, long offset, int partition) {
        return value.toString().replaceAll("\\.+$", "") + "@" + offset + "@" + partition;
    }

    /** Adds KEY=VALUE pairs. */
    protected static Properties add(Properties p, String[] pairs) {
        for (String pair : pairs) {
            int at = pair.indexOf('=');
            if (at > 0) {
                p.put(pair.substring(0, at), pair.substring(at + 1));
            }
        }
        return p;
    }
}
