using System.Text.Json;
using System.Text.Json.Serialization;

namespace Congress.Data;

/// <summary>Rows as JSON arrays: texts, numbers, booleans and nulls. A real always has a point or an exponent, so that it stays one.</summary>
internal sealed class RowJsonConverter : JsonConverter<Row>
{
    public override Row Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("a row is an array");
        }

        var values = new List<Value>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(ValueJsonConverter.Read(ref reader));
        }

        return new(values.ToArray());
    }

    public override void Write(Utf8JsonWriter writer, Row value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var column in value.AsSpan())
        {
            ValueJsonConverter.Write(writer, column);
        }

        writer.WriteEndArray();
    }
}

/// <summary>Values as JSON's own.</summary>
internal sealed class ValueJsonConverter : JsonConverter<Value>
{
    public static Value Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => Value.Null,
        JsonTokenType.True => Value.True,
        JsonTokenType.False => Value.False,
        JsonTokenType.String => Value.Of(reader.GetString()),
        JsonTokenType.Number => reader.TryGetInt64(out var integer) ? Value.Of(integer)
            : reader.TryGetDouble(out var real) && double.IsFinite(real) ? Value.Of(real)
            : throw new JsonException("a number that is too large"),
        _ => throw new JsonException("a value is a text, a number, a boolean or null"),
    };

    public static void Write(Utf8JsonWriter writer, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null: writer.WriteNullValue(); break;
            case ValueKind.Boolean: writer.WriteBooleanValue(value.AsBoolean()); break;
            case ValueKind.Integer: writer.WriteNumberValue(value.AsInteger()); break;
            case ValueKind.Real: writer.WriteRawValue(value.ToString(), skipInputValidation: false); break;
            case ValueKind.Text: writer.WriteStringValue(value.AsText()); break;
            default: writer.WriteStringValue(value.ToString()); break;
        }
    }

    public override Value Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Value value, JsonSerializerOptions options) => Write(writer, value);
}
