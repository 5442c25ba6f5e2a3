import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Prints the settings that a release of Kafka defines, one a line:
 *
 *     part TAB name TAB type TAB default TAB valid values
 *
 * and the features that it has, with the level of a new cluster as the default. It runs on the class path of one
 * release. Everything is read by reflection, because the classes and their fields moved between the releases:
 *
 *     producer, consumer   org.apache.kafka.clients.*.ProducerConfig and ConsumerConfig
 *     topic                kafka.log.LogConfig (0.9 to 3.4), org.apache.kafka.storage.internals.log.LogConfig
 *     broker               kafka.server.KafkaConfig (0.9 to 3.9), org.apache.kafka.server.config.AbstractKafkaConfig,
 *                          and the settings that only exist dynamically (DynamicConfig, QuotaConfig)
 *     group                org.apache.kafka.coordinator.group.GroupConfig
 *     features             org.apache.kafka.server.common.Features (3.8, 3.9) and Feature, MetadataVersion
 *
 * A default that is no text, and a key without one, are written "-", null as "null", a list with commas. A validator that
 * is only code is written as its class, "code:NAME".
 */
public class Keys {
    private static final String[][] PLACES = {
        {"producer", "org.apache.kafka.clients.producer.ProducerConfig"},
        {"consumer", "org.apache.kafka.clients.consumer.ConsumerConfig"},
        {"topic", "org.apache.kafka.storage.internals.log.LogConfig", "kafka.log.LogConfig$", "kafka.log.LogConfig"},
        {"broker", "org.apache.kafka.server.config.AbstractKafkaConfig", "kafka.server.KafkaConfig$"},
        {"broker", "org.apache.kafka.server.config.DynamicConfig$Broker", "kafka.server.DynamicConfig$Broker$",
            "org.apache.kafka.server.config.QuotaConfig", "org.apache.kafka.server.config.QuotaConfigs"},
        {"group", "org.apache.kafka.coordinator.group.GroupConfig"},
    };

    /** What the field of a class is called that holds its settings; other fields hold those of other parts. */
    private static final List<String> NAMES = List.of("config", "CONFIG", "configDef", "CONFIG_DEF", "brokerConfigDef",
        "brokerConfigs");

    public static void main(String[] args) throws Exception {
        TreeMap<String, String> lines = new TreeMap<>();
        for (String[] place : PLACES) {
            for (int i = 1; i < place.length; i++) {
                for (Object def : definitions(place[i])) {
                    print(place[0], def, lines);
                }
            }
        }
        features(lines);
        for (String line : lines.values()) {
            System.out.println(line);
        }
    }

    /** The ConfigDefs that a class holds in fields, its own or those of the one instance of a Scala object. */
    private static List<Object> definitions(String name) throws Exception {
        List<Object> found = new ArrayList<>();
        Class<?> type = find(name);
        Class<?> configDef = find("org.apache.kafka.common.config.ConfigDef");
        if (type == null) {
            return found;
        }
        Object instance = null;
        try {
            instance = type.getField("MODULE$").get(null);
        } catch (NoSuchFieldException e) {
            // no Scala object
        }
        for (Field field : type.getDeclaredFields()) {
            boolean readable = Modifier.isStatic(field.getModifiers()) || instance != null;
            boolean named = NAMES.contains(field.getName().replaceAll(".*\\$", ""));
            if (readable && named && configDef.isAssignableFrom(field.getType())) {
                field.setAccessible(true);
                found.add(field.get(instance));
            }
        }
        if (found.isEmpty()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals("brokerQuotaConfigs")) {
                    found.add(method.invoke(null));
                }
            }
        }
        return found;
    }

    private static Class<?> find(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static void print(String part, Object def, Map<String, String> lines) throws Exception {
        Map<?, ?> keys = (Map<?, ?>) field(def, "configKeys");
        for (Object key : keys.values()) {
            String name = (String) field(key, "name");
            String line = String.join("\t", part, name, field(key, "type").toString().toLowerCase(),
                text(field(key, "defaultValue")), valid(field(key, "validator")));
            lines.putIfAbsent(part + "\t" + name, line);
        }
    }

    /** A field by name, of the object's class or of one above it. */
    private static Object field(Object object, String name) throws Exception {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                return field.get(object);
            } catch (NoSuchFieldException e) {
                // look above
            }
        }
        throw new NoSuchFieldException(object.getClass() + "." + name);
    }

    /** NO_DEFAULT_VALUE is a string or an object that is compared by identity. */
    private static String text(Object value) throws Exception {
        Field none = find("org.apache.kafka.common.config.ConfigDef").getDeclaredField("NO_DEFAULT_VALUE");
        none.setAccessible(true);
        if (value == none.get(null)) {
            return "-";
        }
        if (value == null) {
            return "null";
        }
        if (value instanceof Class) {
            return ((Class<?>) value).getName();
        }
        if (value.getClass().getName().endsWith("Password")) {
            return "null";
        }
        if (value instanceof Collection) {
            List<String> items = new ArrayList<>();
            for (Object item : (Collection<?>) value) {
                items.add(text(item));
            }
            value = String.join(",", items);
        }
        String text = value.toString().replaceAll("[\t\n]", " ");
        return text.isEmpty() ? "\"\"" : text;
    }

    /** A validator in the words of the key table: 0.., 0..10, a|b, ~a|b in any case, non-empty. */
    private static String valid(Object validator) throws Exception {
        if (validator == null) {
            return "-";
        }
        switch (validator.getClass().getSimpleName()) {
            case "Range": {
                Object min = field(validator, "min"), max = field(validator, "max");
                return (min == null ? "" : min.toString()) + ".." + (max == null ? "" : max.toString());
            }
            case "ValidString":
                return words(field(validator, "validStrings"));
            case "ValidList":
                return list(validator);
            case "CaseInsensitiveValidString":
                return "~" + words(new TreeSet<>((Collection<?>) field(validator, "validStrings"))); // a set without order
            case "NonEmptyString":
                return "non-empty";
            case "CompositeValidator": {
                String found = "-";
                for (Object part : (Collection<?>) field(validator, "validators")) {
                    String valid = valid(part);
                    found = valid.equals("-") ? found : valid;
                }
                return found;
            }
            case "NonNullValidator":
                return "-";
            default:
                String name = validator.getClass().getName();
                return "code:" + name.substring(name.lastIndexOf('.') + 1).replaceAll("\\$\\$.*", "");
        }
    }

    /** Since 4.2 a list may have to have an item, whatever it is. */
    private static String list(Object validator) throws Exception {
        Collection<?> words = (Collection<?>) field(field(validator, "validString"), "validStrings");
        if (!words.isEmpty()) {
            return words(words);
        }
        return Boolean.FALSE.equals(field(validator, "isEmptyAllowed")) ? "non-empty" : "-";
    }

    private static String words(Object list) {
        List<String> words = new ArrayList<>();
        for (Object word : (Collection<?>) list) {
            words.add(String.valueOf(word));
        }
        return String.join("|", words);
    }

    /** The features of a release; a level's default is that of a cluster formatted by this release. */
    private static void features(Map<String, String> lines) throws Exception {
        Class<?> metadata = find("org.apache.kafka.server.common.MetadataVersion");
        if (metadata == null) {
            return;
        }
        Object latest;
        try {
            latest = metadata.getField("LATEST_PRODUCTION").get(null);
        } catch (NoSuchFieldException e) {
            latest = metadata.getMethod("latest").invoke(null);
        }
        feature(lines, "metadata.version", "string", latest.toString(), "-");
        Class<?> features = find("org.apache.kafka.server.common.Feature");
        if (features == null) {
            features = find("org.apache.kafka.server.common.Features");
        }
        if (features == null) {
            return;
        }
        Object all;
        try {
            all = features.getField("PRODUCTION_FEATURES").get(null);
        } catch (NoSuchFieldException e) {
            return; // 3.6 and 3.7: metadata.version is the only one
        }
        for (Object feature : (Collection<?>) all) {
            String name = (String) features.getMethod("featureName").invoke(feature);
            Object level = method(features, "defaultLevel", "defaultValue").invoke(feature, latest);
            Object highest = features.getMethod("latestProduction").invoke(feature);
            feature(lines, name, "int", level.toString(), "0.." + highest);
        }
    }

    /** The method of the first of these names that a class has: methods were renamed between the releases. */
    private static Method method(Class<?> type, String... names) throws NoSuchMethodException {
        for (String name : names) {
            for (Method method : type.getMethods()) {
                if (method.getName().equals(name)) {
                    return method;
                }
            }
        }
        throw new NoSuchMethodException(type + "." + String.join(", ", names));
    }

    private static void feature(Map<String, String> lines, String name, String type, String value, String valid) {
        lines.put("features\t" + name, String.join("\t", "features", name, type, value, valid));
    }
}
