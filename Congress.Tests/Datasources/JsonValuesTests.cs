using Congress.Data;
using Congress.Datasources;

namespace Congress.Tests.Datasources;

public sealed class JsonValuesTests
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("1", "1")]
    [InlineData("-0", "0")]
    [InlineData("1.0", "1.0")]
    [InlineData("1e2", "100.0")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9223372036854775808", "9.223372036854776e+18")]
    [InlineData("\"1\"", "\"1\"")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("\"\\u00e9\"", "\"é\"")]
    public void A_single_value_keeps_its_kind(string json, string literal) => Assert.Equal(literal, JsonValues.Of(Configured.Json(json)).ToString());

    [Theory]
    [InlineData("[ 1, \"\\u00e9\" ]", "[1,\"é\"]")]
    [InlineData("{ \"a\" : [ ] }", "{\"a\":[]}")]
    public void A_structure_is_its_text_without_spaces(string json, string text) => Assert.Equal(Value.Of(text), JsonValues.Of(Configured.Json(json)));

    [Fact]
    public void What_is_not_there_is_null() => Assert.Equal(Value.Null, JsonValues.Of(default));

    [Theory]
    [InlineData("1e999", "the number 1e999 is too large for a 64-bit real; write it as a text")]
    [InlineData("\"\\ud800\"", "a text holds an escape of half a surrogate pair")]
    [InlineData("[\"\\ud800\"]", "a text holds an escape of half a surrogate pair")]
    public void What_no_value_can_hold_is_refused(string json, string message) => Assert.Equal(message, Configured.Refusal(() => JsonValues.Of(Configured.Json(json))));
}
