const TYPES = {
    csv: "text/csv;charset=utf-8",
    xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** Hand a file (name, content in base64) to the browser. */
export function save(file, kind) {
    const bytes = Uint8Array.from(atob(file.content), (one) => one.charCodeAt(0));
    const url = URL.createObjectURL(new Blob([bytes], { type: TYPES[kind] }));
    const link = document.createElement("a");
    link.href = url;
    link.download = file.name;
    link.click();
    URL.revokeObjectURL(url);
}
