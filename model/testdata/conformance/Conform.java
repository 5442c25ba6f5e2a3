import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Drives classes of a Kafka release. It reads one command a line and prints one line for each: "new CLASS ARGUMENTS"
 * begins a script, every other command goes to the driver that the last "new" has made.
 */
public final class Conform {
    interface Driver {
        String step(String[] words) throws Exception;

        default void close() throws Exception { }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Driver driver = null;
        for (String line; (line = in.readLine()) != null; ) {
            String[] words = line.split(" ");
            String answer;
            try {
                if (words[0].equals("new")) {
                    if (driver != null) {
                        driver.close();
                    }
                    driver = (Driver) Class.forName(words[1]).getDeclaredConstructor(String[].class).newInstance((Object) words);
                    answer = "ready";
                } else {
                    answer = driver.step(words);
                }
            } catch (Throwable t) {
                while (t instanceof InvocationTargetException && t.getCause() != null) {
                    t = t.getCause();
                }
                answer = "error " + t;
                t.printStackTrace();
            }
            System.out.println(answer.replace('\n', ' '));
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    // What differs between releases is found by reflection: the first method or constructor that takes the first so many
    // of the arguments, in their order, or all of them without those that a list names as optional.

    /** An argument that a release may not have. */
    static final class Optional {
        final Object value;

        Optional(Object value) {
            this.value = value;
        }
    }

    static Object call(Object target, String name, Object... arguments) throws Exception {
        return call(target instanceof Class ? (Class<?>) target : target.getClass(), target instanceof Class ? null : target, name, arguments);
    }

    private static Object call(Class<?> type, Object target, String name, Object... arguments) throws Exception {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Method m : c.getDeclaredMethods()) {
                Object[] fit = m.getName().equals(name) ? fitted(m, arguments) : null;
                if (fit != null) {
                    m.setAccessible(true);
                    return m.invoke(target, fit);
                }
            }
        }
        throw new NoSuchMethodException(type + "." + name + Arrays.toString(arguments));
    }

    static Object make(Class<?> type, Object... arguments) throws Exception {
        for (Constructor<?> c : type.getDeclaredConstructors()) {
            Object[] fit = fitted(c, arguments);
            if (fit != null) {
                c.setAccessible(true);
                return c.newInstance(fit);
            }
        }
        throw new NoSuchMethodException(type + Arrays.toString(arguments));
    }

    /** The arguments that a method takes, with or without optional ones, or null. */
    private static Object[] fitted(Executable e, Object[] arguments) {
        Class<?>[] types = e.getParameterTypes();
        List<Object> fit = new ArrayList<>();
        for (Object a : arguments) {
            boolean optional = a instanceof Optional;
            Object value = optional ? ((Optional) a).value : a;
            if (fit.size() < types.length && takes(types[fit.size()], value)) {
                fit.add(value);
            } else if (!optional) {
                return null;
            }
        }
        return fit.size() == types.length ? fit.toArray() : null;
    }

    private static boolean takes(Class<?> type, Object value) {
        if (type.isPrimitive()) {
            return value != null && type == primitive(value.getClass());
        }
        return value == null || type.isInstance(value);
    }

    private static Class<?> primitive(Class<?> boxed) {
        return boxed == Integer.class ? int.class : boxed == Long.class ? long.class : boxed == Short.class ? short.class
            : boxed == Boolean.class ? boolean.class : boxed == Double.class ? double.class : null;
    }

    /** A field, or what the method of its name gives. */
    static Object get(Object target, String name) throws Exception {
        try {
            java.lang.reflect.Field f = target.getClass().getDeclaredField(name);
            f.setAccessible(true);
            return f.get(target);
        } catch (NoSuchFieldException e) {
            return call(target, name);
        }
    }

    /** The first of some names under which a release has a class. */
    static Class<?> type(String... names) throws ClassNotFoundException {
        for (String name : names) {
            try {
                return Class.forName(name);
            } catch (ClassNotFoundException e) {
                // another release
            }
        }
        throw new ClassNotFoundException(Arrays.toString(names));
    }

    /** A list of numbers, "1,2"; "-" is the empty one. */
    static int[] numbers(String list) {
        return list.equals("-") ? new int[0] : Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    static String list(int[] numbers) {
        if (numbers.length == 0) {
            return "-";
        }
        StringBuilder text = new StringBuilder();
        int[] sorted = numbers.clone();
        Arrays.sort(sorted);
        for (int n : sorted) {
            text.append(text.length() > 0 ? "," : "").append(n);
        }
        return text.toString();
    }
}
