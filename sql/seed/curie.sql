-- Curie lab: organic synthesis and inorganic chemistry: what it has, and where. Made up; tables.sql explains the columns.
COPY demo_locations (code, parent, kind, name, count_period_days, counted_days_ago) FROM STDIN (FORMAT csv);
CB,,building,Chemistry building,,
R214,CB,room,Room 2.14,,
F1,R214,storage,Flammables cabinet 1,30,12
F1a,F1,shelf,Shelf 1,,12
F1b,F1,shelf,Shelf 2,,12
F2,R214,storage,Flammables cabinet 2,30,44
F2a,F2,shelf,Shelf 1,,44
F2b,F2,shelf,Shelf 2,,44
AC,R214,storage,Acids cabinet,90,27
ACa,AC,shelf,Shelf 1,,27
ACb,AC,shelf,Shelf 2,,27
BA,R214,storage,Bases cabinet,90,27
TX,R214,storage,Toxics cabinet,30,34
SC,R214,storage,Shelf unit C,180,41
SC1,SC,shelf,Shelf 1,,41
SC2,SC,shelf,Shelf 2,,41
SC3,SC,shelf,Shelf 3,,41
R216,CB,room,Room 2.16,,
D2,R216,storage,Desiccator 2,90,85
G1,R216,storage,Glovebox 1,90,88
FR,R216,storage,"Fridge 3, 2–8 °C",60,
FZ,R216,storage,"Freezer 1, −20 °C",60,20
S010,CB,room,Store 0.10,,
SA,S010,storage,Shelf A,180,60
SB,S010,storage,Shelf B,180,60
OX,S010,storage,Oxidisers cabinet,90,60
GS,CB,room,Gas bottle store,365,200
\.
COPY demo_chemicals (name, cas_number, supplier, catalogue_number, low_stock_amount, low_stock_unit, physical_state,
                     density_g_per_ml, checked_none, notes) FROM STDIN (FORMAT csv);
Tetrahydrofuran,109-99-9,Sigma-Aldrich,401757,2,L,,,,
Diethyl ether,60-29-7,Fisher Scientific,D/2450/17,2,L,,,,
Dichloromethane,75-09-2,Fisher Scientific,D/1852/17,5,L,,,,
Toluene,108-88-3,Sigma-Aldrich,244511,1,L,,,,
Ethyl acetate,141-78-6,VWR Chemicals,23882.321,5,L,,,,
n-Hexane,110-54-3,VWR Chemicals,24577.323,5,L,,,,
Methanol,67-56-1,Fisher Scientific,M/4000/17,2.5,L,,,,
Acetone,67-64-1,VWR Chemicals,20066.330,5,L,,,,
"N,N-Dimethylformamide",68-12-2,Sigma-Aldrich,227056,500,mL,,,,
"Acetic acid, glacial",64-19-7,Fisher Scientific,A/0400/PB17,1,L,,,,
"Hydrochloric acid, 37 %",7647-01-0,Fisher Scientific,H/1200/PB17,1,L,,,,
"Sulfuric acid, 95–98 %",7664-93-9,Fisher Scientific,S/9240/PB17,500,mL,,,,
"Nitric acid, 65 %",7697-37-2,VWR Chemicals,20429.320,500,mL,,,,
Acetic anhydride,108-24-7,Sigma-Aldrich,320102,250,mL,,,,
Acetyl chloride,75-36-5,Sigma-Aldrich,00990,100,mL,,,,
Triethylamine,121-44-8,Sigma-Aldrich,471283,250,mL,,,,
Pyridine,110-86-1,Sigma-Aldrich,270970,200,mL,,,,
"N,N-Diisopropylethylamine",7087-68-5,TCI,D1599,100,mL,,,,
"n-Butyllithium, 2.5 M in hexanes",109-72-8,Sigma-Aldrich,230707,400,mL,,,,
Lithium aluminium hydride,16853-85-3,Sigma-Aldrich,199877,25,g,,,,
Sodium borohydride,16940-66-2,Sigma-Aldrich,213462,50,g,,,,
"Sodium hydride, 60 % in mineral oil",7646-69-7,Sigma-Aldrich,452912,25,g,,,,
Potassium tert-butoxide,865-47-4,Sigma-Aldrich,156671,25,g,,,,
"Palladium on carbon, 10 %",7440-05-3,Alfa Aesar,A12012,5,g,,,,
Tetrakis(triphenylphosphine)palladium(0),14221-01-3,Strem,46-2150,2,g,,,,
Triphenylphosphine,603-35-0,Sigma-Aldrich,T84409,100,g,,,,
N-Bromosuccinimide,128-08-5,Sigma-Aldrich,B81255,50,g,,,,
Iodine,7553-56-2,Sigma-Aldrich,207772,50,g,,,,
Bromine,7726-95-6,Sigma-Aldrich,277576,100,mL,,,,"Only in the hood, with thiosulfate beside it."
Benzaldehyde,100-52-7,Sigma-Aldrich,418099,100,mL,,,,
Aniline,62-53-3,Sigma-Aldrich,242284,100,mL,,,,
Benzyl bromide,100-39-0,Sigma-Aldrich,B17905,25,mL,,,,
Phenylboronic acid,98-80-6,Fluorochem,001757,25,g,,,,
4-Bromoanisole,104-92-7,Sigma-Aldrich,B56501,100,g,,,,
Di-tert-butyl dicarbonate,24424-99-5,Fluorochem,001651,100,g,,,,
p-Toluenesulfonyl chloride,98-59-9,Sigma-Aldrich,T35955,50,g,,,,
p-Toluenesulfonic acid monohydrate,6192-52-5,Sigma-Aldrich,402885,50,g,,,,
"N,N′-Dicyclohexylcarbodiimide",538-75-0,Sigma-Aldrich,D80002,50,g,,,,
4-(Dimethylamino)pyridine,1122-58-3,Sigma-Aldrich,107700,10,g,,,,
Thionyl chloride,7719-09-7,Sigma-Aldrich,230464,100,mL,,,,
Phosphorus tribromide,7789-60-8,Sigma-Aldrich,256536,25,g,,,,
"3-Chloroperbenzoic acid, ≤ 77 %",937-14-4,Sigma-Aldrich,273031,50,g,,,,
"Hydrogen peroxide, 30 %",7722-84-1,VWR Chemicals,23615.248,500,mL,,,,
Potassium permanganate,7722-64-7,Fisher Scientific,P/6520/53,100,g,,,,
"Sodium hydroxide, pellets",1310-73-2,VWR Chemicals,28244.295,500,g,,,,
Potassium carbonate,584-08-7,Sigma-Aldrich,P5833,250,g,,,,
Sodium hydrogencarbonate,144-55-8,VWR Chemicals,27778.293,500,g,,,,
"Magnesium sulfate, anhydrous",7487-88-9,VWR Chemicals,25165.292,500,g,,,,
"Sodium sulfate, anhydrous",7757-82-6,VWR Chemicals,28114.296,1,kg,,,,
"Silica gel 60, 40–63 µm",112926-00-8,Merck,1.09385.2500,5,kg,,,,
Ammonium chloride,12125-02-9,Fisher Scientific,A/3920/53,250,g,,,,
Copper(I) iodide,7681-65-4,Sigma-Aldrich,215554,10,g,,,,
Copper(II) sulfate pentahydrate,7758-99-8,Fisher Scientific,C/8560/53,100,g,,,,
"Zinc powder, stabilised",7440-66-6,Sigma-Aldrich,324930,50,g,,,,
Magnesium turnings,7439-95-4,Sigma-Aldrich,253987,50,g,,,,
Caesium carbonate,534-17-8,Fluorochem,003256,25,g,,,,
"Aluminium chloride, anhydrous",7446-70-0,Sigma-Aldrich,563919,50,g,,,,
Titanium(IV) isopropoxide,546-68-9,Sigma-Aldrich,205273,50,mL,,,,
Silver nitrate,7761-88-8,Sigma-Aldrich,209139,10,g,,,,
"Iron(III) chloride, anhydrous",7705-08-0,Sigma-Aldrich,157740,50,g,,,,
Chloroform-d,865-49-6,Sigma-Aldrich,151823,100,mL,,,,
"Argon, compressed",7440-37-1,BOC,290631-L,60,bar,,,,
"Hydrogen, compressed",1333-74-0,BOC,290632-L,50,bar,,,,
4-(Bromomethyl)phenylboronic acid pinacol ester,138500-85-3,Fluorochem,024211,,,,,,
Methyl 4-iodobenzoate,619-44-3,Sigma-Aldrich,362646,10,g,,,,
"TLC plates, silica gel 60 F254, 20 × 20 cm",,Merck,1.05554.0001,20,each,,,true,
"CK-417, aryl iodide intermediate",,,,,,,,,Made in this lab; see notebook CK-4.
\.
COPY demo_containers (barcode, chemical, location, pack_size, pack_unit, amount, unit, lot, purity, price, received_days_ago,
                      opened_days_ago, expires_in_days, order_number, received_by) FROM STDIN (FORMAT csv);
CT-000001,Tetrahydrofuran,F1b,2.5,L,2.5,L,STBP2519,"≥ 99.9 %, anhydrous",96,160,63,120,,ada
CT-000002,Tetrahydrofuran,F1b,2.5,L,2.5,L,MKCL3192,"≥ 99.9 %, anhydrous",96,33,,560,PO-221,ben
CT-000003,Tetrahydrofuran,G1,1,L,480,mL,STBP5339,"≥ 99.9 %, anhydrous",58,310,170,14,,ada
CT-000004,Diethyl ether,F1a,2.5,L,1.9,L,2356367,≥ 99.5 %,41,230,150,-24,,ada
CT-000005,Diethyl ether,F1a,2.5,L,2.5,L,2515900,≥ 99.5 %,43,47,18,320,PO-194,ben
CT-000006,Dichloromethane,F2a,2.5,L,600,mL,2593556,≥ 99.8 %,24,190,110,540,,ada
CT-000007,Dichloromethane,F2a,2.5,L,2.5,L,2416715,≥ 99.8 %,24,190,40,540,,ada
CT-000008,Dichloromethane,F2a,2.5,L,2.5,L,2532133,≥ 99.8 %,26,19,,700,PO-242,ben
CT-000009,Dichloromethane,F2a,2.5,L,2.5,L,2492245,≥ 99.8 %,26,19,,700,PO-242,ben
CT-000010,Toluene,F1b,1,L,820,mL,SHBL2092,"99.8 %, anhydrous",62,260,96,400,,ada
CT-000011,Toluene,F1b,1,L,1,L,BCCJ5044,"99.8 %, anhydrous",64,52,,640,PO-191,ben
CT-000012,Ethyl acetate,F2a,2.5,L,1.1,L,25A214029,≥ 99.5 %,19,140,101,500,,ada
CT-000013,Ethyl acetate,F2a,2.5,L,2.5,L,25K314019,≥ 99.5 %,19,140,30,500,,ada
CT-000014,Ethyl acetate,F2b,2.5,L,2.5,L,24C254036,≥ 99.5 %,21,12,,720,PO-248,ada
CT-000015,n-Hexane,F2a,2.5,L,900,mL,23K174036,≥ 95 %,28,140,99,500,,ada
CT-000016,n-Hexane,F2a,2.5,L,2.5,L,24E304038,≥ 95 %,28,140,28,500,,ada
CT-000017,n-Hexane,F2b,2.5,L,2.5,L,23H164043,≥ 95 %,29,12,,720,PO-248,ada
CT-000018,Methanol,F2b,2.5,L,1.6,L,2472707,≥ 99.8 %,17,180,120,460,,ada
CT-000019,Methanol,F2b,2.5,L,2.5,L,2577437,≥ 99.8 %,17,90,,640,,ada
CT-000020,Acetone,SA,5,L,3.2,L,23K164027,≥ 99 %,28,150,100,600,,ada
CT-000021,Acetone,SA,5,L,5,L,25C224032,≥ 99 %,29,40,25,700,PO-215,ben
CT-000022,Acetone,SA,5,L,5,L,24G244023,≥ 99 %,29,40,,700,PO-215,ben
CT-000023,"N,N-Dimethylformamide",F1b,1,L,700,mL,STBK4983,"99.8 %, anhydrous",71,300,200,25,,ada
CT-000024,"Acetic acid, glacial",ACa,2.5,L,1.75,L,2363426,≥ 99.7 %,27,220,130,500,,ada
CT-000025,"Acetic acid, glacial",ACa,2.5,L,2.5,L,2380770,≥ 99.7 %,29,61,,690,PO-170,ben
CT-000026,"Hydrochloric acid, 37 %",ACa,2.5,L,1.4,L,2321820,37 %,22,170,120,430,,ada
CT-000027,"Hydrochloric acid, 37 %",ACa,2.5,L,2.5,L,2431448,37 %,23,26,,640,PO-233,ada
CT-000028,"Sulfuric acid, 95–98 %",ACa,2.5,L,1.2,L,2341262,95–98 %,25,400,300,200,,ada
CT-000029,"Sulfuric acid, 95–98 %",ACa,2.5,L,2.5,L,2557458,95–98 %,25,44,,442,PO-200,ada
CT-000030,"Nitric acid, 65 %",ACb,1,L,640,mL,24A104024,65 %,31,280,210,160,,ada
CT-000031,"Nitric acid, 65 %",ACb,1,L,1,L,23A124018,65 %,31,58,,532,PO-173,ada
CT-000032,Acetic anhydride,ACb,1,L,560,mL,SHBL4310,≥ 98 %,44,290,190,190,,ada
CT-000033,Acetyl chloride,ACb,250,mL,210,mL,MKCP3842,≥ 99 %,39,150,88,12,,ada
CT-000034,Acetyl chloride,ACb,250,mL,250,mL,MKCP8093,≥ 99 %,39,90,,352,,ada
CT-000035,Triethylamine,F1a,500,mL,330,mL,SHBK9848,≥ 99.5 %,46,200,140,330,,ada
CT-000036,Triethylamine,F1a,500,mL,500,mL,MKCK3644,≥ 99.5 %,48,20,,700,PO-239,ben
CT-000037,Pyridine,F1b,500,mL,240,mL,BCCL4591,"99.8 %, anhydrous",68,350,280,45,,ada
CT-000038,"N,N-Diisopropylethylamine",F1a,500,mL,260,mL,KL01-DG,> 98 %,52,240,180,300,,ada
CT-000039,"N,N-Diisopropylethylamine",F1a,500,mL,500,mL,GF01-DH,> 98 %,52,58,,660,PO-176,ben
CT-000040,"n-Butyllithium, 2.5 M in hexanes",FR,100,mL,80,mL,SHBJ7755,2.5 M,54,66,60,60,PO-164,ben
CT-000041,"n-Butyllithium, 2.5 M in hexanes",FR,100,mL,100,mL,STBM3657,2.5 M,54,24,,150,PO-236,ben
CT-000042,"n-Butyllithium, 2.5 M in hexanes",FR,100,mL,100,mL,STBP4559,2.5 M,54,24,,150,PO-236,ada
CT-000043,Lithium aluminium hydride,D2,100,g,64,g,STBK7557,95 %,83,320,250,150,,ada
CT-000044,Lithium aluminium hydride,D2,100,g,100,g,MKCP7099,95 %,83,44,,381,PO-203,ada
CT-000045,Sodium borohydride,D2,100,g,85,g,STBH5701,99 %,49,210,160,380,,ada
CT-000046,Sodium borohydride,D2,100,g,100,g,BCCH4832,99 %,51,30,,900,PO-224,ben
CT-000047,"Sodium hydride, 60 % in mineral oil",D2,100,g,72,g,STBJ2838,60 %,57,270,205,240,,ada
CT-000048,"Sodium hydride, 60 % in mineral oil",D2,100,g,100,g,STBH4265,60 %,57,90,,557,,ada
CT-000049,Potassium tert-butoxide,G1,100,g,58,g,STBK8952,≥ 98 %,45,330,240,30,,ada
CT-000050,"Palladium on carbon, 10 %",D2,10,g,6.4,g,D67958,10 % Pd,148,180,120,800,,ada
CT-000051,"Palladium on carbon, 10 %",D2,10,g,10,g,F56429,10 % Pd,148,58,,1114,PO-179,ada
CT-000052,Tetrakis(triphenylphosphine)palladium(0),G1,5,g,3.35,g,G43158,99 %,171,120,84,250,,ada
CT-000053,Tetrakis(triphenylphosphine)palladium(0),G1,5,g,5,g,C14302,99 %,171,44,,496,PO-206,ben
CT-000054,Triphenylphosphine,SC1,500,g,390,g,MKCJ8467,99 %,58,410,300,700,,ada
CT-000055,N-Bromosuccinimide,FR,250,g,160,g,MKCP7286,99 %,49,240,200,200,,ada
CT-000056,Iodine,TX,100,g,71,g,STBM5150,≥ 99.99 %,66,380,290,600,,ada
CT-000057,Iodine,TX,100,g,100,g,SHBJ6075,≥ 99.99 %,66,44,,869,PO-203,ada
CT-000058,Bromine,TX,100,mL,95,mL,MKCH9211,≥ 99.5 %,72,200,130,300,,ada
CT-000059,Bromine,TX,100,mL,100,mL,MKCL6552,≥ 99.5 %,72,90,,699,,ada
CT-000060,Benzaldehyde,SC2,250,mL,180,mL,BCCP3916,≥ 99.5 %,37,190,120,18,,ada
CT-000061,Benzaldehyde,SC2,100,mL,100,mL,BCCP7308,≥ 99.5 %,22,45,,500,PO-197,ada
CT-000062,Aniline,TX,500,mL,340,mL,STBL7273,≥ 99.5 %,41,720,600,-12,,ada
CT-000063,Benzyl bromide,TX,100,mL,75,mL,SHBJ2881,98 %,36,260,210,270,,ada
CT-000064,Phenylboronic acid,SC1,100,g,77,g,FCB31398,98 %,31,140,90,900,,ada
CT-000065,Phenylboronic acid,SC1,100,g,100,g,FCB63405,98 %,31,44,,1255,PO-209,ada
CT-000066,4-Bromoanisole,SC2,250,g,210,g,STBH3432,99 %,42,150,91,800,,ada
CT-000067,4-Bromoanisole,SC2,250,g,250,g,MKCP5888,99 %,42,44,,1098,PO-203,ada
CT-000068,Di-tert-butyl dicarbonate,FR,250,g,175,g,FCB80452,98 %,47,130,80,90,,ada
CT-000069,p-Toluenesulfonyl chloride,SC1,250,g,190,g,BCCL6496,≥ 98 %,38,420,310,80,,ada
CT-000070,p-Toluenesulfonyl chloride,SC1,250,g,250,g,BCCL6993,≥ 98 %,38,90,,368,,ada
CT-000071,p-Toluenesulfonic acid monohydrate,SC1,100,g,34,g,BCCH9370,≥ 98.5 %,33,500,420,220,,ada
CT-000072,"N,N′-Dicyclohexylcarbodiimide",TX,100,g,,g,STBK4187,99 %,44,540,400,40,,ada
CT-000073,"N,N′-Dicyclohexylcarbodiimide",TX,100,g,100,g,SHBH2648,99 %,44,90,,259,,ada
CT-000074,4-(Dimethylamino)pyridine,TX,25,g,14,g,SHBJ7627,≥ 99 %,35,300,210,420,,ada
CT-000075,Thionyl chloride,ACb,500,mL,310,mL,STBM1934,≥ 99 %,48,290,220,130,,ada
CT-000076,Phosphorus tribromide,ACb,100,g,66,g,STBH5950,99 %,52,640,540,-31,,ada
CT-000077,"3-Chloroperbenzoic acid, ≤ 77 %",FR,100,g,88,g,BCCH1869,≤ 77 %,49,170,100,22,,ada
CT-000078,"3-Chloroperbenzoic acid, ≤ 77 %",FR,100,g,100,g,MKCL8800,≤ 77 %,49,44,,195,PO-203,ada
CT-000079,"Hydrogen peroxide, 30 %",FR,1,L,700,mL,24G214047,30 %,18,130,90,80,,ada
CT-000080,"Hydrogen peroxide, 30 %",FR,1,L,1,L,24B134019,30 %,18,44,,282,PO-212,ada
CT-000081,Potassium permanganate,OX,500,g,420,g,2381340,≥ 99 %,38,600,480,900,,ada
CT-000082,"Sodium hydroxide, pellets",BA,1,kg,620,g,24B314017,≥ 99 %,16,260,190,600,,ada
CT-000083,"Sodium hydroxide, pellets",BA,1,kg,1,kg,23B244045,≥ 99 %,17,55,,1000,PO-188,ada
CT-000084,Potassium carbonate,SC3,500,g,280,g,BCCK3070,≥ 99 %,23,310,240,800,,ada
CT-000085,Potassium carbonate,SC3,500,g,500,g,BCCP8138,≥ 99 %,23,130,,1199,,ada
CT-000086,Sodium hydrogencarbonate,SC3,1,kg,750,g,24B194031,≥ 99.5 %,12,280,210,900,,ada
CT-000087,Sodium hydrogencarbonate,SC3,1,kg,1,kg,25D224028,≥ 99.5 %,12,44,,1141,PO-212,ben
CT-000088,"Magnesium sulfate, anhydrous",SC3,1,kg,430,g,25A264049,≥ 99 %,15,220,190,900,,ada
CT-000089,"Magnesium sulfate, anhydrous",SC3,1,kg,1,kg,24K104047,≥ 99 %,16,35,,1100,PO-218,ada
CT-000090,"Sodium sulfate, anhydrous",SC3,1,kg,640,g,24E304022,≥ 99 %,13,220,180,900,,ada
CT-000091,"Silica gel 60, 40–63 µm",SA,2.5,kg,1.9,kg,SHBK3443,,142,120,95,,,ada
CT-000092,"Silica gel 60, 40–63 µm",SA,2.5,kg,2.5,kg,STBP1543,,146,62,,,PO-167,ben
CT-000093,"Silica gel 60, 40–63 µm",SA,2.5,kg,,kg,BCCM5314,,,300,250,,,ada
CT-000094,Ammonium chloride,SC2,1,kg,810,g,2503737,≥ 99.5 %,19,330,280,900,,ada
CT-000095,Ammonium chloride,SC2,1,kg,1,kg,2416934,≥ 99.5 %,19,90,,1254,,ada
CT-000096,Copper(I) iodide,D2,25,g,17,g,BCCK9216,99.999 %,61,250,180,700,,ada
CT-000097,Copper(I) iodide,D2,25,g,25,g,STBM4839,99.999 %,61,58,,1071,PO-182,ada
CT-000098,Copper(II) sulfate pentahydrate,SC2,500,g,440,g,2563556,≥ 99 %,27,700,500,1200,,ada
CT-000099,Copper(II) sulfate pentahydrate,SC2,500,g,500,g,2549657,≥ 99 %,27,58,,1520,PO-185,ben
CT-000100,"Zinc powder, stabilised",SC2,250,g,200,g,MKCL5393,≥ 99 %,34,350,270,900,,ada
CT-000101,"Zinc powder, stabilised",SC2,250,g,250,g,SHBP9390,≥ 99 %,34,44,,1208,PO-203,ada
CT-000102,Magnesium turnings,D2,100,g,70,g,MKCK2145,≥ 99.5 %,41,280,200,900,,ada
CT-000103,Magnesium turnings,D2,100,g,100,g,STBL8762,≥ 99.5 %,41,58,,1296,PO-182,ben
CT-000104,Caesium carbonate,D2,50,g,29,g,FCB49388,99 %,46,160,110,700,,ada
CT-000105,"Aluminium chloride, anhydrous",G1,100,g,82,g,SHBM6607,≥ 99 %,38,190,150,180,,ada
CT-000106,Titanium(IV) isopropoxide,G1,100,mL,60,mL,BCCH7063,97 %,43,230,170,100,,ada
CT-000107,Silver nitrate,OX,25,g,18.4,g,STBP3961,≥ 99 %,74,420,330,500,,ada
CT-000108,"Iron(III) chloride, anhydrous",D2,100,g,93,g,STBK6892,97 %,29,130,90,600,,ada
CT-000109,Chloroform-d,FR,100,mL,55,mL,BCCJ8421,99.8 atom % D,32,90,75,270,,ada
CT-000110,Chloroform-d,FR,100,mL,100,mL,SHBM1973,99.8 atom % D,33,17,9,480,PO-245,ben
CT-000111,"Argon, compressed",GS,200,bar,130,bar,B584204,99.999 %,,75,70,,,ada
CT-000112,"Argon, compressed",GS,200,bar,200,bar,B395311,99.999 %,88,27,,,PO-230,ada
CT-000113,"Hydrogen, compressed",GS,200,bar,175,bar,B251082,99.99 %,93,100,95,,,ada
CT-000114,4-(Bromomethyl)phenylboronic acid pinacol ester,FZ,5,g,4.2,g,FCB77735,97 %,68,110,86,400,,ada
CT-000115,4-(Bromomethyl)phenylboronic acid pinacol ester,FZ,5,g,5,g,FCB14017,97 %,68,44,,668,PO-209,ada
CT-000116,Methyl 4-iodobenzoate,FZ,25,g,19,g,STBH6950,97 %,57,340,260,500,,ada
CT-000117,"TLC plates, silica gel 60 F254, 20 × 20 cm",SC1,25,each,11,each,BCCJ4866,,98,140,120,,,ada
CT-000118,"TLC plates, silica gel 60 F254, 20 × 20 cm",SC1,25,each,25,each,MKCK6097,,101,29,,,PO-227,ada
CT-000119,"CK-417, aryl iodide intermediate",FZ,20,g,12.6,g,,,,90,80,,,ada
\.
