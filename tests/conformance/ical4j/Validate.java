import java.io.BufferedInputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.data.ParserException;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.Component;
import net.fortuna.ical4j.model.Property;
import net.fortuna.ical4j.validate.ValidationEntry;

/** Each calendar strictly: a line with its name, what ical4j finds wrong, and each event's UID and summary. */
class Validate {
    static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] paths) throws Exception {
        for (String path : paths) {
            OUT.println("FILE " + Path.of(path).getFileName());
            try (InputStream bytes = new BufferedInputStream(Files.newInputStream(Path.of(path)))) {
                tell(new CalendarBuilder().build(bytes));
            } catch (ParserException wrong) {
                OUT.println("UNREADABLE " + wrong.getMessage());
            }
        }
    }

    static void tell(Calendar calendar) {
        for (ValidationEntry entry : calendar.validate().getEntries()) {
            OUT.println(entry.getSeverity() + " " + entry.getContext() + ": " + entry.getMessage());
        }
        for (Component event : calendar.getComponents(Component.VEVENT)) {
            OUT.println("EVENT " + value(event, Property.UID) + " " + value(event, Property.SUMMARY).replace("\n", "\\n"));
        }
    }

    static String value(Component event, String name) {
        return event.getProperty(name).map(found -> ((Property) found).getValue()).orElse("");
    }
}
