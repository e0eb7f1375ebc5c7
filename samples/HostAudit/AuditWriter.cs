using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Congress.Data;
using Congress.Policies;

namespace HostAudit;

/// <summary>Writes violations, as text or one JSON object a line.</summary>
public sealed class AuditWriter(TextWriter output, bool isJson)
{
    // Not HTML: only what JSON itself asks for is escaped.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the violations of an audit that is done once.</summary>
    public void Write(IEnumerable<Violation> violations)
    {
        foreach (var violation in violations)
        {
            Write(violation, change: null, version: null);
        }

        output.Flush();
    }

    /// <summary>Writes the violations that came and went.</summary>
    public void Write(ViolationUpdate update)
    {
        foreach (var violation in update.Appeared)
        {
            Write(violation, "appeared", update.Version);
        }

        foreach (var violation in update.Cleared)
        {
            Write(violation, "cleared", update.Version);
        }

        output.Flush();
    }

    private void Write(Violation violation, string? change, long? version)
    {
        if (isJson)
        {
            output.WriteLine(Json(violation, change, version));
            return;
        }

        output.WriteLine($"{change switch { null => "", "appeared" => "+ ", _ => "- " }}{violation}");
        foreach (var condition in violation.Body)
        {
            output.WriteLine($"    {condition}");
        }
    }

    private static string Json(Violation violation, string? change, long? version)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Format))
        {
            json.WriteStartObject();
            if (change is not null)
            {
                json.WriteString("change", change);
                json.WriteNumber("version", version!.Value);
            }

            json.WriteString("table", violation.Table.Table);
            json.WriteStartArray("row");
            foreach (var value in violation.Row)
            {
                Write(json, value);
            }

            json.WriteEndArray();
            json.WriteString("severity", violation.Severity);
            json.WriteString("message", violation.Message);
            json.WriteString("rule", violation.RuleId);
            json.WritePropertyName("line");
            if (violation.Span.Line > 0)
            {
                json.WriteNumberValue(violation.Span.Line);
            }
            else
            {
                json.WriteNullValue();
            }

            json.WriteStartArray("conditions");
            foreach (var condition in violation.Body)
            {
                json.WriteStringValue(condition);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static void Write(Utf8JsonWriter json, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                json.WriteNullValue();
                break;
            case ValueKind.Boolean:
                json.WriteBooleanValue(value.AsBoolean());
                break;
            case ValueKind.Integer:
                json.WriteNumberValue(value.AsInteger());
                break;
            case ValueKind.Real:
                json.WriteRawValue(value.ToString());   // so that 1.0 stays a real
                break;
            case ValueKind.Text:
            case ValueKind.Unknown:
                json.WriteStringValue(value.ToPlainText());
                break;
        }
    }
}
