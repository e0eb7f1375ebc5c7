using System.Text.Json;
using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Cli;

/// <summary>Writes our values as JSON.</summary>
internal static class Json
{
    public static void WriteRow(this Utf8JsonWriter json, ReadOnlySpan<Value> row)
    {
        json.WriteStartArray();
        foreach (var value in row)
        {
            json.WriteValue(value);
        }

        json.WriteEndArray();
        if (json.BytesPending > 1 << 16)
        {
            json.Flush();
        }
    }

    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    public static void WriteDiagnostics(this Utf8JsonWriter json, IEnumerable<Diagnostic> diagnostics)
    {
        json.WriteStartArray("diagnostics");
        foreach (var diagnostic in diagnostics)
        {
            json.WriteStartObject();
            json.WriteString("id", diagnostic.Id);
            json.WriteString("severity", diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning");
            json.WriteString("message", diagnostic.Message);
            json.WriteString("hint", diagnostic.Hint);
            json.WriteSpan(diagnostic.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteViolations(this Utf8JsonWriter json, string name, IEnumerable<Violation> violations)
    {
        json.WriteStartArray(name);
        foreach (var violation in violations)
        {
            json.WriteStartObject();
            json.WriteString("policy", violation.Table.Policy);
            json.WriteString("table", violation.Table.Table);
            json.WritePropertyName("row");
            json.WriteRow(violation.Row.AsSpan());
            json.WriteString("severity", violation.Severity);
            json.WriteString("message", violation.Message);
            json.WriteString("rule", violation.RuleId);
            json.WriteSpan(violation.Span);
            json.WriteTexts("conditions", violation.Body);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteSpan(this Utf8JsonWriter json, SourceSpan span)
    {
        json.WriteString("file", span.Source);
        if (span.Line > 0)
        {
            json.WriteNumber("line", span.Line);
            json.WriteNumber("column", span.Column);
        }
    }

    private static void WriteValue(this Utf8JsonWriter json, Value value)
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
