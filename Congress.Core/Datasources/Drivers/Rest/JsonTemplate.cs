using System.Globalization;
using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>JSON whose texts have placeholders. One that is a whole text becomes the value as it is, with its type.</summary>
internal abstract class JsonTemplate
{
    private JsonTemplate()
    {
    }

    /// <summary>Reads a template.</summary>
    /// <exception cref="DriverException">A placeholder is not known.</exception>
    public static JsonTemplate Parse(JsonElement json, IReadOnlyCollection<string> known, string place) => json.ValueKind switch
    {
        JsonValueKind.Object => new Members([.. json.EnumerateObject().Select(p => (p.Name, Parse(p.Value, known, $"{place}.{p.Name}")))]),
        JsonValueKind.Array => new Elements([.. json.EnumerateArray().Select((e, i) => Parse(e, known, string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]")))]),
        JsonValueKind.String => new Text(TextTemplate.Parse(json.GetString()!, known, place)),
        _ => new Fixed(json),
    };

    /// <summary>The JSON with values in place. A member or element that is a placeholder of a value that was not given is left out.</summary>
    public byte[] Fill(IReadOnlyDictionary<string, Value> values)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, values);
        }

        return stream.ToArray();
    }

    /// <summary>Writes it.</summary>
    protected abstract void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, Value> values);

    /// <summary>Whether it stands for a value that was not given.</summary>
    protected virtual bool IsLeftOut(IReadOnlyDictionary<string, Value> values) => false;

    private sealed class Members(IReadOnlyList<(string Name, JsonTemplate Value)> members) : JsonTemplate
    {
        protected override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, Value> values)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members.Where(member => !member.Value.IsLeftOut(values)))
            {
                writer.WritePropertyName(name);
                value.Write(writer, values);
            }

            writer.WriteEndObject();
        }
    }

    private sealed class Elements(IReadOnlyList<JsonTemplate> elements) : JsonTemplate
    {
        protected override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, Value> values)
        {
            writer.WriteStartArray();
            foreach (var element in elements.Where(element => !element.IsLeftOut(values)))
            {
                element.Write(writer, values);
            }

            writer.WriteEndArray();
        }
    }

    private sealed class Text(TextTemplate template) : JsonTemplate
    {
        protected override bool IsLeftOut(IReadOnlyDictionary<string, Value> values) => template.Only is { } name && !values.ContainsKey(name);

        protected override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, Value> values)
        {
            if (template.Only is not { } name)
            {
                writer.WriteStringValue(template.Fill(values));
                return;
            }

            var value = values.GetValueOrDefault(name);
            switch (value.Kind)
            {
                case ValueKind.Null:
                    writer.WriteNullValue();
                    break;
                case ValueKind.Boolean:
                    writer.WriteBooleanValue(value.AsBoolean());
                    break;
                case ValueKind.Integer:
                    writer.WriteNumberValue(value.AsInteger());
                    break;
                case ValueKind.Real:
                    writer.WriteNumberValue(value.AsReal());
                    break;
                case ValueKind.Text or ValueKind.Unknown:
                    writer.WriteStringValue(value.ToPlainText());
                    break;
            }
        }
    }

    private sealed class Fixed(JsonElement json) : JsonTemplate
    {
        protected override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, Value> values) => json.WriteTo(writer);
    }
}
